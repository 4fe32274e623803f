// SPDX-License-Identifier: Apache-2.0
#include "renderih/scene/environment.h"

#include "renderih/base/error.h"
#include "renderih/base/temp_folder.h"
#include "renderih/base/testing/mutate.h"
#include "renderih/image/codecs.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <gtest/gtest.h>

namespace rih {
namespace {

/// The lat-long direction of a pixel's centre: docs/conventions.md, Environment.
Vec3 direction_of_pixel(const ImageF& image, int x, int y) {
    const double phi = ((x + 0.5) / image.width() - 0.5) * 2.0 * kPi;
    const double theta = kPi * (y + 0.5) / image.height();
    return {std::sin(theta) * std::cos(phi), std::cos(theta), std::sin(theta) * std::sin(phi)};
}

/// What a diffuse surface with this normal receives in one channel, by the plain sum.
double irradiance(const ImageF& image, const Vec3& normal, int channel) {
    double sum = 0;
    for (int y = 0; y < image.height(); ++y) {
        const double weight = 2.0 * kPi * kPi /
                              (static_cast<double>(image.width()) * image.height()) *
                              std::sin(kPi * (y + 0.5) / image.height());
        for (int x = 0; x < image.width(); ++x) {
            sum += image.at(x, y, channel) * weight *
                   std::max(0.0, normal.dot(direction_of_pixel(image, x, y)));
        }
    }
    return sum;
}

const std::vector<Vec3>& test_normals() {
    static const std::vector<Vec3> normals{Vec3(0, 1, 0),
                                           Vec3(1, 1, 0).normalized(),
                                           Vec3(-1, 1, 1).normalized(),
                                           Vec3(0.3, 0.8, -1).normalized()};
    return normals;
}

/// A sky with a sun of one pixel, shrunk with a filter that rings (a windowed sinc).
ImageF ringing_sky(int sun_x, int sun_y) {
    ImageF image(256, 128, 3, 1.0f);
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            const auto lobe = [](int d) {
                if (d == 0) {
                    return 1.0;
                }
                const double t = kPi * d * 0.7;
                return std::abs(d) > 5 ? 0.0 : std::sin(t) / t * std::cos(kPi * d / 12.0);
            };
            int dx = std::abs(x - sun_x);
            dx = std::min(dx, image.width() - dx);
            const double sun = 20000.0 * lobe(dx) * lobe(y - sun_y);
            for (int c = 0; c < 3; ++c) {
                image.at(x, y, c) += static_cast<float>(sun * (1.0 - 0.2 * c));
            }
        }
    }
    return image;
}

void expect_mended(const ImageF& before, const ImageF& after) {
    for (const float value : after.values()) {
        ASSERT_GE(value, 0.0f);
    }
    for (int c = 0; c < 3; ++c) {
        double brightest = 0;
        for (const Vec3& normal : test_normals()) {
            brightest = std::max(brightest, irradiance(before, normal, c));
        }
        for (const Vec3& normal : test_normals()) {
            EXPECT_NEAR(
                irradiance(after, normal, c), irradiance(before, normal, c), 0.001 * brightest);
        }
    }
}

TEST(Environment, MendingKeepsIrradianceAndLeavesNoNegative) {
    for (const int sun_x : {128, 2}) { // 2: the disc wraps around the seam
        const ImageF before = ringing_sky(sun_x, 40);
        ASSERT_LT(*std::min_element(before.values().begin(), before.values().end()), -100.0f);
        ImageF after = before;
        const MendReport report = mend_negative_radiance(after);
        EXPECT_GT(report.mended, 20);
        EXPECT_GT(report.negative_part, 0.01);
        expect_mended(before, after);
    }
}

TEST(Environment, MendingLeavesNoBlackHoles) {
    const ImageF before = ringing_sky(128, 40);
    ImageF after = before;
    mend_negative_radiance(after);
    for (std::size_t i = 0; i < before.values().size(); ++i) {
        if (before.values()[i] < 0) {
            EXPECT_GT(after.values()[i], 0.2f);
        }
    }
}

TEST(Environment, MendingDoesNotTouchACleanMap) {
    ImageF image(32, 16, 3, 0.25f);
    image.at(3, 3, 1) = 900.0f;
    ImageF same = image;
    EXPECT_EQ(mend_negative_radiance(same).mended, 0);
    EXPECT_EQ(same, image);
}

TEST(Environment, MendingReachesFurtherWhenTheDiscIsTooDark) {
    ImageF image(64, 32, 1, 0.0f);
    image.at(30, 16) = -1.0f;
    image.at(50, 16) = 5.0f;
    mend_negative_radiance(image);
    EXPECT_GE(image.at(30, 16), 0.0f);
    EXPECT_NEAR(image.at(30, 16) + image.at(50, 16), 4.0f, 1e-5f);
}

TEST(Environment, MendingEndsWhereverTheLightIs) {
    // The only light lies opposite of the hole, in the column that an odd disc leaves out.
    for (const int width : {16, 17, 400}) {
        ImageF image(width, 8, 1, 0.0f);
        image.at(0, 4) = -1.0f;
        image.at(width / 2, 4) = 5.0f;
        mend_negative_radiance(image);
        EXPECT_GE(image.at(0, 4), 0.0f) << width;
        EXPECT_NEAR(image.at(0, 4) + image.at(width / 2, 4), 4.0f, 1e-5f) << width;
    }
    // Rounding may leave less light than is owed: too little to share out.
    ImageF denormal(16, 8, 1, 0.0f);
    denormal.at(0, 4) = -1.4e-45f;
    denormal.at(3, 4) = 2.8e-45f;
    mend_negative_radiance(denormal);
    EXPECT_GE(*std::min_element(denormal.values().begin(), denormal.values().end()), 0.0f);
}

TEST(Environment, MendingManyHolesIsNoTrap) {
    ImageF image(2048, 1024, 1, -1e-6f); // all the light in one pixel
    image.at(1000, 500) = 1e6f;
    mend_negative_radiance(image);
    EXPECT_GE(*std::min_element(image.values().begin(), image.values().end()), 0.0f);
}

TEST(Environment, ALostChannelOfAWhiteSunComesBack) {
    ImageF image(64, 32, 3, 2.0f);
    for (int x = 30; x < 34; ++x) {
        image.at(x, 9, 0) = image.at(x, 9, 1) = 0.0f;
        image.at(x, 9, 2) = 9000.0f;
    }
    EXPECT_EQ(restore_dead_channels(image), 4);
    EXPECT_FLOAT_EQ(image.at(31, 9, 0), 9000.0f);
    EXPECT_FLOAT_EQ(image.at(31, 9, 2), 9000.0f);
}

TEST(Environment, ABlueLampInItsBlueGlowStaysBlue) {
    ImageF image(64, 32, 3, 0.1f);
    for (int y = 0; y < 32; ++y) {
        for (int x = 0; x < 64; ++x) {
            image.at(x, y, 2) = 0.8f;
        }
    }
    image.at(31, 9, 0) = 0.0f;
    image.at(31, 9, 2) = 500.0f;
    const ImageF before = image;
    EXPECT_EQ(restore_dead_channels(image), 0);
    EXPECT_EQ(image, before);
}

TEST(Environment, AMostlyNegativeMapIsRefused) {
    ImageF image(64, 32, 1, -1.0f);
    image.at(5, 5) = 1.0f;
    EXPECT_THROW(mend_negative_radiance(image), UserError);
}

TEST(Environment, MeanLuminanceIsWeightedBySolidAngle) {
    Environment environment;
    environment.radiance = ImageF(64, 32, 3, 2.0f);
    EXPECT_NEAR(mean_luminance(environment), 2.0, 1e-6);
    // The upper polar row of 64 pixels is tiny; the row at the horizon is not.
    for (int x = 0; x < 64; ++x) {
        for (int c = 0; c < 3; ++c) {
            environment.radiance.at(x, 0, c) = 1000.0f;
        }
    }
    const double polar = (1.0 - std::cos(kPi / 32)) / 2.0;
    EXPECT_NEAR(mean_luminance(environment), 2.0 + 998.0 * polar, 1e-3);
}

TEST(Environment, IsNamedAfterItsFile) {
    const TempFolder folder;
    ImageF image(16, 8, 3, 1.0f);
    image.at(4, 4, 0) = -0.5f;
    write_exr(folder.path() / "b.exr", image, {"R", "G", "B"});
    const Environment environment = load_environment(folder.path() / "b.exr");
    EXPECT_EQ(environment.name, "b");
    EXPECT_GE(environment.radiance.at(4, 4, 0), 0.0f);
}

TEST(Environment, ErrorsNameTheFile) {
    const TempFolder folder;
    const auto expect_named = [](const std::filesystem::path& path) {
        try {
            load_environment(path);
            ADD_FAILURE() << path << " was read";
        } catch (const UserError& error) {
            EXPECT_NE(std::string(error.what()).find(path.string()), std::string::npos);
        }
    };
    expect_named(folder.path() / "missing.exr");
    expect_named(folder.path() / "picture.png");
    write_exr(folder.path() / "black.exr", ImageF(16, 8, 3), {"R", "G", "B"});
    expect_named(folder.path() / "black.exr");
    write_exr(folder.path() / "negative.exr", ImageF(16, 8, 3, -1.0f), {"R", "G", "B"});
    expect_named(folder.path() / "negative.exr");
}

TEST(Environment, TheOpenEnvironmentsMend) {
    const char* assets = std::getenv("RENDERIH_ASSETS");
    const std::filesystem::path file =
        std::filesystem::path(assets == nullptr ? "" : assets) / "environments/pmndrs_sky.exr";
    if (!std::filesystem::exists(file)) {
        GTEST_SKIP() << "no open assets (RENDERIH_ASSETS)";
    }
    const ImageF before = read_exr(file);
    const Environment environment = load_environment(file);
    EXPECT_LT(*std::min_element(before.values().begin(), before.values().end()), -1000.0f);
    expect_mended(before, environment.radiance);
}

TEST(Environment, DamagedFilesLoadOrAreRefused) {
    const TempFolder folder;
    ImageF image(32, 16, 3, 1.0f);
    image.at(4, 4, 0) = -0.5f;
    const Bytes good = encode_exr(image, {"R", "G", "B"}, {.compression = ExrCompression::Dwab});
    const std::filesystem::path path = folder.path() / "e.exr";
    for (std::uint64_t i = 0; i < 200; ++i) {
        write_file_atomically(path, mutate(good, i));
        try {
            const Environment environment = load_environment(path);
            for (const float value : environment.radiance.values()) {
                ASSERT_GE(value, 0.0f);
            }
        } catch (const UserError&) {
        }
    }
}

} // namespace
} // namespace rih
