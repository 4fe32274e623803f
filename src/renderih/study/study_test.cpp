// SPDX-License-Identifier: Apache-2.0
#include "renderih/study/study.h"

#include "renderih/base/error.h"
#include "renderih/base/file.h"
#include "renderih/base/temp_folder.h"
#include "renderih/hand/testing/test_hand.h"
#include "renderih/image/codecs.h"
#include "renderih/study/bare_hand.h"
#include "renderih/study/judges.h"

#include <algorithm>
#include <array>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>

namespace rih {
namespace {

TEST(BareHands, AreClosedAndWithoutForearm) {
    const HandPair hands = make_test_hand_pair();
    const BareHands bare(hands);
    for (int h = 0; h < 2; ++h) {
        const TriMesh mesh = bare.mesh(h, hands.hands[h].template_vertices);
        EXPECT_TRUE(is_closed(mesh.faces));
        EXPECT_LT(mesh.vertices.rows(), hands.hands[h].vertex_count());
        EXPECT_GT(signed_volume(mesh), 1e-5);
        for (const int v : bare.vertices(h)) {
            EXPECT_LT(hands.hands[h].skin_weights.coeff(v, kForearmJoint), 0.9);
        }
    }
}

TEST(Coupling, CountsFingersWhoseEndJointGoesItsOwnWay) {
    FingerAngles angles{};
    for (int finger = 0; finger < 4; ++finger) {
        angles[3 * finger + 1].bend = 60 * kDegree;
        angles[3 * finger + 2].bend = 40 * kDegree;
    }
    EXPECT_EQ(coupling_violations(angles), 0);
    angles[2].bend = 80 * kDegree; // the index finger's end joint
    angles[5].bend = 0;            // the middle finger's
    EXPECT_EQ(coupling_violations(angles), 0.5);
    angles[14].bend = 80 * kDegree; // the thumb has no such tendon
    EXPECT_EQ(coupling_violations(angles), 0.5);
}

class Studies : public testing::TestWithParam<std::string> {};

TEST_P(Studies, WriteATableOfFigures) {
    const char* assets = std::getenv("RENDERIH_ASSETS");
    if (assets == nullptr ||
        !std::filesystem::exists(std::filesystem::path(assets) / "hand" / "right.npz")) {
        GTEST_SKIP() << "no built assets (RENDERIH_ASSETS)";
    }
    const TempFolder folder;
    StudyOptions options;
    options.count = 2;
    options.threads = 2;
    options.out = folder.path() / "out";
    options.data = folder.path() / "pictures";
    std::filesystem::create_directory(options.data);
    Image8 picture(64, 64, 3, 90);
    picture.at(20, 20, 1) = 200;
    write_file_atomically(options.data / "a.jpg", encode_jpeg(picture, 90));
    write_file_atomically(options.data / "b.png", encode_png(picture));
    options.generate.posing.iterations = 2;
    options.generate.posing.schedule_end = 1;
    const std::string markdown = run_study(GetParam(), options, find_assets(assets));
    EXPECT_EQ(read_text_file(options.out / (GetParam() + ".md"), 1 << 20), markdown);
    const std::array without_table{"pairs", "problems", "tsne"};
    if (std::find(without_table.begin(), without_table.end(), GetParam()) == without_table.end()) {
        EXPECT_GT(read_text_file(options.out / (GetParam() + ".csv"), 1 << 20).size(), 60u);
        EXPECT_NE(markdown.find("|---|---:|"), std::string::npos);
    }
}

INSTANTIATE_TEST_SUITE_P(All,
                         Studies,
                         testing::Values("ablation",
                                         "angles",
                                         "contact",
                                         "fields",
                                         "images",
                                         "naturalness",
                                         "pairs",
                                         "problems",
                                         "tsne",
                                         "wrists"),
                         [](const auto& study) { return study.param; });

/// The cell of the first row of a CSV whose name is `row`, in column `column`.
double cell(const std::string& csv, const std::string& row, int column) {
    std::size_t at = csv.find("\n" + row + ",");
    EXPECT_NE(at, std::string::npos) << row;
    for (; column > 0 && at != std::string::npos; --column) {
        at = csv.find(',', at + 1);
    }
    return at == std::string::npos ? std::nan("") : std::atof(csv.c_str() + at + 1);
}

/// Enough draws for the figures that docs/poses.md rests on, by judges that never saw the family.
TEST(Study, OptimisedPosesAreNearerToRawThanToAugmented) {
    const char* assets = std::getenv("RENDERIH_ASSETS");
    if (assets == nullptr ||
        !std::filesystem::exists(std::filesystem::path(assets) / "hand" / "right.npz")) {
        GTEST_SKIP() << "no built assets (RENDERIH_ASSETS)";
    }
    const TempFolder folder;
    StudyOptions options;
    options.count = 32;
    options.out = folder.path() / "out";
    options.generate.seed = 7;
    options.generate.posing.people = 2;
    run_study("naturalness", options, find_assets(assets));
    const std::string csv = read_text_file(options.out / "naturalness.csv", 1 << 20);
    const auto of = [&](const char* poses, int column) { return cell(csv, poses, column); };
    constexpr int kJudgedNatural = 1, kFromNaturalDeg = 3;
    const double raw = of("raw", kJudgedNatural),
                 optimised = of("optimised with D", kJudgedNatural);
    EXPECT_LT(std::abs(optimised - raw), std::abs(optimised - of("augmented", kJudgedNatural)));
    EXPECT_GT(optimised, of("optimised without D", kJudgedNatural));
    EXPECT_GT(optimised, 0.8);
    EXPECT_LT(of("optimised with D", kFromNaturalDeg), of("augmented", kFromNaturalDeg));
    EXPECT_LT(of("optimised with D", kFromNaturalDeg), of("optimised without D", kFromNaturalDeg));
}

TEST(Study, NamesWhatThereIs) {
    EXPECT_THROW(run_study("colour", {}, {}), UserError);
    for (const std::string& name : study_names()) {
        EXPECT_FALSE(study_summary(name).empty());
    }
}

} // namespace
} // namespace rih
