// SPDX-License-Identifier: Apache-2.0
// Writes good files for each target to begin with, made by this project's own writers:
// fuzz_seeds CORPUS makes CORPUS/TARGET/*.
#include "renderih/base/npz.h"
#include "renderih/dataset/manifest.h"
#include "renderih/dataset/shard_index.h"
#include "renderih/dataset/testing/test_records.h"
#include "renderih/exchange/pickle_writer.h"
#include "renderih/hand/hand_io.h"
#include "renderih/hand/testing/mano_file.h"
#include "renderih/hand/testing/test_hand.h"
#include "renderih/image/codecs.h"
#include "renderih/learn/evaluation/prediction_set.h"
#include "renderih/posing/pose_file.h"
#include "renderih/scene/obj.h"

#include <array>
#include <cstdio>

namespace rih {
namespace {

namespace fs = std::filesystem;
using namespace std::string_literals;

class Corpus {
  public:
    explicit Corpus(fs::path folder) : folder_(std::move(folder)) {}
    fs::path file(const std::string& target, const std::string& name) const {
        make_folder(folder_ / target);
        return folder_ / target / name;
    }
    template <typename Content>
    void add(const std::string& target, const std::string& name, const Content& content) const {
        write_file_atomically(file(target, name), content);
    }

  private:
    fs::path folder_;
};

template <typename T>
Image<T> pattern(int width, int height, int channels) {
    Image<T> image(width, height, channels);
    for (std::size_t i = 0; i < image.values().size(); ++i) {
        image.values()[i] = static_cast<T>(i * i % 251);
    }
    return image;
}

void add_pictures(const Corpus& corpus) {
    corpus.add("png", "rgb8", encode_png(pattern<std::uint8_t>(9, 7, 3)));
    corpus.add("png", "grey8", encode_png(pattern<std::uint8_t>(9, 7, 1)));
    corpus.add("png", "rgb16", encode_png(pattern<std::uint16_t>(9, 7, 3)));
    corpus.add("png", "grey16", encode_png(pattern<std::uint16_t>(9, 7, 1)));
    corpus.add("jpeg", "full", encode_jpeg(pattern<std::uint8_t>(17, 9, 3), 90));
    corpus.add("jpeg", "half", encode_jpeg(pattern<std::uint8_t>(17, 9, 3), 60, JpegChroma::Half));
    corpus.add("webp", "lossy", encode_webp(pattern<std::uint8_t>(17, 9, 3), 80));
    corpus.add("webp", "lossless", encode_webp(pattern<std::uint8_t>(17, 9, 3), 100));
    for (int compression = 0; compression <= static_cast<int>(ExrCompression::Dwab);
         ++compression) {
        for (const ExrPrecision precision : {ExrPrecision::Half, ExrPrecision::Float}) {
            corpus.add("exr",
                       std::to_string(compression) +
                           (precision == ExrPrecision::Half ? "half" : "float"),
                       encode_exr(pattern<float>(16, 8, 3),
                                  {"R", "G", "B"},
                                  {precision, static_cast<ExrCompression>(compression)}));
        }
    }
    const std::string flat =
        "#?RADIANCE\nFORMAT=32-bit_rle_rgbe\nEXPOSURE=1\n\n-Y 2 +X 3\n"s + std::string(24, '\x80');
    corpus.add("hdr", "flat", flat);
    std::string runs = "#?RGBE\nFORMAT=32-bit_rle_rgbe\n\n-Y 2 +X 8\n";
    for (int row = 0; row < 2; ++row) {
        runs += "\x02\x02\x00\x08"s;
        for (int channel = 0; channel < 4; ++channel) {
            runs += "\x84\x40\x04\x01\x02\x03\x80"s;
        }
    }
    corpus.add("hdr", "runs", runs);
}

void add_arrays(const Corpus& corpus) {
    const NpyArray numbers{{2, 3}, std::vector<double>{1, -2.5, 3e-300, 0, 1e9, 7}};
    const NpyArray whole{{4}, std::vector<std::int64_t>{1, -2, 3, 255}};
    const NpyArray text{{2}, std::vector<std::string>{"right", "\xc3\xa9"}};
    corpus.add("npz",
               "all",
               encode_npz({{"f8", {numbers, NpyType::Float64}},
                           {"f4", {numbers, NpyType::Float32}},
                           {"i8", {whole, NpyType::Int64}},
                           {"i4", {whole, NpyType::Int32}},
                           {"text", {text, NpyType::Text}}}));
    corpus.add("npz", "one", encode_npz({{"a", {whole, NpyType::Int64}}}));

    const HandModel hand = make_test_hand();
    save_hand(corpus.file("hand", "ours.npz"), hand);
    write_mano_npz(corpus.file("hand", "mano.npz"), hand);
    corpus.add("pickle",
               "values",
               "\x80\x02}(U\x01"
               "aK\x05U\x01"
               "bM\x00\x01U\x01"
               "cG\x3f\xf8\x00\x00\x00\x00"
               "\x00\x00U\x01"
               "d]q\x01(NK\x01\x88"
               "eU\x01"
               "eh\x01u."s);

    PosePair pair;
    for (auto& pose : pair.pose) {
        pose.shape = VecX::Zero(2);
    }
    write_poses(corpus.file("poses", "two"), std::array{pair, pair}, 7, "{}");
}

void add_dataset(const Corpus& corpus) {
    const PlanOptions options{.seed = 7, .poses = 12, .views = 2, .records_per_shard = 6};
    const DatasetPlan plan(options);
    corpus.add("dataset", "small", dataset_json(make_test_description(options)));
    const Record record = make_test_record(plan, 3);
    const std::string json = to_json(record);
    corpus.add("record", "three", json);
    std::vector<Member> members = {{"json", Bytes(json.begin(), json.end())},
                                   {"rgb.jpg", Bytes(700, 3)},
                                   {"seg.png", Bytes{1}}};
    const Bytes range = tar_of_record(3, members);
    corpus.add("tar", "record", range);
    corpus.add("tar", "small", tar_of_record(3, std::array{members[2]}));
    const std::string entry = index_entry(members_of_record(range, 3, "seed"));
    corpus.add("index", "one", index_text({entry}));
    const std::string digest(64, 'a');
    corpus.add("manifest",
               "row",
               to_json(ManifestRow{.shard = {Split::Val, 12},
                                   .sha256 = digest,
                                   .bytes = 10240,
                                   .first_record = 3,
                                   .last_record = 8,
                                   .records = 6,
                                   .seconds = 1.25,
                                   .idx_sha256 = digest,
                                   .jsonl_sha256 = digest}));
    corpus.add("manifest", "place", shard_row(record, {Split::Val, 12}, {3, 512, 1024, digest}));
}

void add_foreign(const Corpus& corpus) {
    PickleWriter meta;
    meta.begin_dict();
    meta.key("camMat"), meta.array({3, 3}, std::array<double, 9>{60, 0, 32, 0, 60, 24, 0, 0, 1});
    meta.key("rightHandJoints3D"), meta.array({21, 3}, std::vector<double>(63, -0.5));
    meta.key("jointValidRight"), meta.array({21}, std::vector<double>(21, 1));
    meta.key("rightHandPose"), meta.array({48}, std::vector<double>(48, 0.1));
    meta.key("rightHandTrans"), meta.array({3}, std::vector<double>(3, 0.1));
    meta.key("handBeta"), meta.array({10}, std::vector<double>(10, 0.2));
    meta.key("leftHandJoints3D"), meta.none();
    meta.end_dict();
    corpus.add("h2o3d", "right", meta.take());
    corpus.add("pickle",
               "oldest",
               "(dp0\nS'f'\np1\n(lp2\nI1\naL2L\naI01\naF-0.5\nasVb\\u00e9\nN\ng2\ns."s);
    const std::string head = "element vertex 2\nproperty float x\nproperty double y\n"
                             "property float z\nelement face 0\nend_header\n";
    corpus.add("ply", "text", "ply\nformat ascii 1.0\n" + head + "1 2 3\n4.5 -5e-1 6\n");
    corpus.add(
        "ply", "binary", "ply\nformat binary_little_endian 1.0\n" + head + std::string(32, '\x3f'));
    Record record = unlabelled_record();
    record.data_source = "interhand26m";
    record.source_index = "Capture0/image1.jpg";
    record.camera.intrinsics = {60, 60, 32, 24};
    record.hands[0].is_labelled = true;
    record.hands[0].joint_3d_valid = kEveryJoint;
    corpus.add("record", "converted", to_json(record));
}

void add_texts(const Corpus& corpus) {
    corpus.add(
        "obj",
        "all",
        "# a\nv 0 0 0 1 0 0\nv 1 0 0 0 1 0\nv 0 1 0 0 0 1\nv 1 1 0 1 1 1\nvt 0 0\nvt 1 0\nvt 0 1\n"
        "vn 0 0 1\nusemtl skin\nf 1/1/1 2/2/1 3/3/1\nusemtl nail\nf -1 2//1 3/3\nf 1 2 4 3\n"s);
    corpus.add("scene",
               "small",
               R"({"meshes":[{"name":"hand","file":"a.obj","id":1,"material":"skin"}],"camera":)"
               R"({"width":64,"height":48,"K":[[70,0,32],[0,70,24],[0,0,1]],"cam_from_world":)"
               R"([[1,0,0,0],[0,-1,0,0],[0,0,-1,1]]},"env":{"file":"e.exr","strength":1.5,)"
               R"("rotation_deg":30},"materials":{"skin":{"albedo":[0.5,0.4,0.3],"roughness":0.4,)"
               R"("ior":1.4,"sss":{"dmfp_mm":[1.5,0.5,0.3],"scale":1,"g":0.1}}},"integrator":)"
               R"({"max_bounces":4}})"s);
    corpus.add("config",
               "some",
               "seed = 7\nposes = 12\nhand = \"open\"\nsplit_fractions = [0.8, 0.1, 0.1]\n[image]\n"
               "width = 64\nquality = [80, 90]\nnormal = true\nsensor = \"none\"\n[posing]\n"
               "sources = [\"open\"]\nstages = [[10, 1.0, 2.0]]\n"s);
}

void add_learning(const Corpus& corpus) {
    learn::PredictionSet set;
    set.pairs.resize(2);
    set.pairs[1].key = 7;
    for (auto& pair : set.pairs) {
        pair.hands[0] = {
            true, learn::PredictedHand::Rows::Ones(21, 3), learn::PredictedHand::Rows::Ones(4, 3)};
    }
    learn::write_predictions(corpus.file("predictions", "two.npz"), set);
    corpus.add("predictions",
               "one.json",
               R"({"one_frame":false,"predictions":[{"key":"000000000012","left":null,)"
               R"("right":{"vertices_in_cam":[[0.1,0.2,0.5],[1,2,3e-1]]}}]})"s);
    corpus.add(
        "experiment",
        "two",
        "title = \"T\"\nabout = \"A\"\njudge = [\"real\"]\n[scale.small]\ntrain = \"small\"\n"
        "seeds = 2\nchanges.steps = 9\n[[run]]\nname = \"a\"\nsets = [\"real\"]\n[[run]]\n"
        "name = \"b\"\nsets = [\"real\", \"more\"]\nweights = [1, 2]\nfractions = [1, 0.5]\n"
        "init = \"a\"\nx = 3\nseries = \"s\"\ntrain.net.correlation = false\n"s);
}

} // namespace
} // namespace rih

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fputs("use: fuzz_seeds CORPUS\n", stderr);
        return 2;
    }
    const rih::Corpus corpus(argv[1]);
    rih::add_pictures(corpus);
    rih::add_arrays(corpus);
    rih::add_dataset(corpus);
    rih::add_foreign(corpus);
    rih::add_texts(corpus);
    rih::add_learning(corpus);
    return 0;
}
