// SPDX-License-Identifier: Apache-2.0
#include "renderih/render/albedo_inversion.h"

#include "renderih/base/rng.h"
#include "renderih/render/core/fresnel.h"

#include <gtest/gtest.h>

namespace rih {
namespace {

// A walk in depth alone: what core/subsurface.h does before a half space, without a tracer.
double walked_albedo(double scattering_albedo, float ior, int count) {
    Rng rng(1, 0, "albedo_inversion_test");
    double left = 0;
    for (int i = 0; i < count; ++i) {
        double cosine; // of the refracted way in, downwards
        do {
            cosine = std::sqrt(rng.uniform());
        } while (rng.uniform() < double(fresnel_dielectric(float(cosine), 1 / ior)));
        double depth = 0, weight = 1;
        for (;;) {
            const double step = -std::log(1 - rng.uniform());
            if (depth + step * cosine < 0) {
                if (rng.uniform() >= double(fresnel_dielectric(float(-cosine), 1 / ior))) {
                    left += weight;
                    break;
                }
                depth = 0;
                cosine = -cosine;
                continue;
            }
            depth += step * cosine;
            weight *= scattering_albedo;
            cosine = 1 - 2 * rng.uniform();
            if (weight < 0.1) {
                if (rng.uniform() < 0.5) {
                    break;
                }
                weight *= 2;
            }
        }
    }
    return left / count;
}

TEST(AlbedoInversion, HalfSpaceAgreesWithAWalk) {
    for (const double ior : {1.0, 1.4}) {
        for (const double scattering_albedo : {0.3, 0.8, 0.97, 0.999}) {
            const double walked = walked_albedo(scattering_albedo, float(ior), 100000);
            EXPECT_NEAR(half_space_diffuse_albedo(scattering_albedo, ior), walked, 0.005)
                << ior << " " << scattering_albedo;
        }
    }
}

TEST(AlbedoInversion, IndexMatchedHalfSpaceHasTheKnownAlbedo) {
    // Van de Hulst's fit to the exact spherical albedo, good to 0.002 (Multiple Light Scattering,
    // 1980, section 11.1).
    for (const double scattering_albedo : {0.2, 0.6, 0.9, 0.99}) {
        const double s = std::sqrt(1 - scattering_albedo);
        EXPECT_NEAR(half_space_diffuse_albedo(scattering_albedo, 1.0),
                    (1 - s) * (1 - 0.139 * s) / (1 + 1.17 * s),
                    0.003);
    }
    EXPECT_NEAR(half_space_diffuse_albedo(0.0, 1.4), 0, 1e-12);
    EXPECT_GT(half_space_diffuse_albedo(0.999999, 1.4), 0.99);
}

TEST(AlbedoInversion, DipoleInverseUndoesTheDipole) {
    for (double scattering_albedo = 0.05; scattering_albedo < 1; scattering_albedo += 0.05) {
        const double root = dipole_mfp_per_dmfp(dipole_diffuse_albedo(scattering_albedo, 1.4), 1.4);
        EXPECT_NEAR(1 - root * root / 3, scattering_albedo, 1e-9);
    }
}

TEST(AlbedoInversion, TableUndoesTheHalfSpace) {
    const AlbedoInversion inversion = make_albedo_inversion(1.4);
    for (double albedo = 0.05; albedo < 0.97; albedo += 0.0613) {
        const double root = double(AlbedoInversion::lookup(inversion.walk_root, float(albedo)));
        EXPECT_NEAR(half_space_diffuse_albedo(1 - root * root, 1.4), albedo, 1e-3 * albedo);
        EXPECT_NEAR(double(AlbedoInversion::lookup(inversion.mfp_per_dmfp, float(albedo))),
                    dipole_mfp_per_dmfp(albedo, 1.4),
                    2e-3);
    }
}

} // namespace
} // namespace rih
