// SPDX-License-Identifier: Apache-2.0
// H2O-3D and HO-3D: train.txt and evaluation.txt list SEQUENCE/FRAME; each has
// SPLIT/SEQUENCE/rgb/FRAME.jpg (or .png) and SPLIT/SEQUENCE/meta/FRAME.pkl. Our world is the
// camera's frame of OpenGL, so that MANO's parameters stay as they are.
#include "renderih/base/error.h"
#include "renderih/exchange/foreign/foreign_set.h"
#include "renderih/exchange/foreign/h2o3d_meta.h"

namespace rih {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMaxListBytes = std::uint64_t{256} << 20;
constexpr std::uint64_t kMaxMetaBytes = std::uint64_t{4} << 20;

/// OpenGL's camera looks along -z with y up.
Rigid3 cam_from_opengl() {
    Rigid3 rigid;
    rigid.rotation = Vec3(1, -1, -1).asDiagonal();
    return rigid;
}

class H2o3d : public ForeignSet {
  public:
    explicit H2o3d(const ForeignOptions& options) : mano_(options.mano) {
        RIH_REQUIRE(options.split != Split::Val,
                    "{}: has no validation split; --split train, or test for its evaluation",
                    options.folder.string());
        const std::string split = options.split == Split::Train ? "train" : "evaluation";
        folder_ = options.folder / split;
        const fs::path list = options.folder / (split + ".txt");
        RIH_REQUIRE(fs::is_regular_file(list),
                    "{}: is missing; SRC is the folder that holds train.txt and train/",
                    list.string());
        note_digest(list);
        const std::string text = read_text_file(list, kMaxListBytes);
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t end = std::min(text.find('\n', at), text.size());
            std::string line = text.substr(at, end - at);
            at = end + 1;
            if (line.ends_with('\r')) {
                line.pop_back();
            }
            if (!line.empty()) {
                add(line, list.string());
            }
        }
        RIH_REQUIRE(!names_.empty(), "{}: names no frame with a labelled hand", list.string());
    }

    std::uint64_t size() const override { return names_.size(); }
    fs::path picture(std::uint64_t number) const override {
        const fs::path jpeg = file_of(names_[number], "rgb", ".jpg");
        return fs::exists(jpeg) ? jpeg : file_of(names_[number], "rgb", ".png");
    }
    std::string name(std::uint64_t number) const override { return names_[number]; }

    Record labels(std::uint64_t number, int width, int height) const override {
        const H2o3dMeta meta = meta_of(names_[number]);
        Record record = unlabelled_record();
        record.camera = {width, height, meta.intrinsics, cam_from_opengl()};
        for (const Side side : kSides) {
            const auto i = static_cast<std::size_t>(index_of(side));
            for (std::size_t k = 0; k < kKeypointCount; ++k) {
                if (meta.hands[i].joint_valid[k]) {
                    set_joint(record,
                              side,
                              k,
                              record.camera.cam_from_world * meta.hands[i].joints[k],
                              names_[number]);
                }
            }
            if (mano_ != nullptr && meta.hands[i].mano) {
                set_mano(record.hands[i],
                         *meta.hands[i].mano,
                         PoseZero::FlatHand,
                         (*mano_)[side],
                         names_[number]);
            }
        }
        return record;
    }

  private:
    void add(const std::string& name, const std::string& list) {
        const auto slash = name.find('/');
        RIH_REQUIRE(slash != std::string::npos && slash == name.rfind('/') && slash > 0 &&
                        slash + 1 < name.size() && name.size() < 256,
                    "{}: \"{}\" is no SEQUENCE/FRAME",
                    list,
                    printable(name, 100));
        path_below(folder_, name, list);
        const H2o3dMeta meta = meta_of(name);
        if (meta.hands[0].has_joints() || meta.hands[1].has_joints()) {
            names_.push_back(name);
        } else {
            ++left_out_["without annotation"];
        }
    }

    fs::path file_of(const std::string& name, const char* kind, const char* ending) const {
        const auto slash = name.find('/');
        return folder_ / name.substr(0, slash) / kind / (name.substr(slash + 1) + ending);
    }
    H2o3dMeta meta_of(const std::string& name) const {
        const fs::path path = file_of(name, "meta", ".pkl");
        return h2o3d_meta(read_file(path, kMaxMetaBytes), path.string());
    }

    const HandPair* mano_;
    fs::path folder_;
    std::vector<std::string> names_;
};

} // namespace

std::unique_ptr<ForeignSet> open_h2o3d(const ForeignOptions& options) {
    return std::make_unique<H2o3d>(options);
}

} // namespace rih
