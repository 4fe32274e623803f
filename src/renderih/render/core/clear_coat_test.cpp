// SPDX-License-Identifier: Apache-2.0
#include "renderih/render/core/clear_coat.h"

#include "renderih/render/testing/test_lobes.h"

#include <gtest/gtest.h>

namespace rih {
namespace {

using testing::direction_at_deg;
using testing::TestLayer;

Material coated(double weight, double roughness, double coat_roughness) {
    Material material;
    material.roughness = roughness;
    material.coat = {.weight = weight, .roughness = coat_roughness, .ior = 1.5};
    return material;
}

/// The part of the formula that is not the coat's own reflection.
struct BelowCoat {
    const SpecularLayer& layer;
    float eval(Vec3f wo, Vec3f wi) const {
        return layer.coat.transmittance(wo.z) * layer.coat.transmittance(wi.z) *
               layer.lobes.eval(wo, wi);
    }
};

TEST(ClearCoat, TheTablesTellWhatIsReflectedBelowIt) {
    for (const double coat_roughness : {0.1, 0.3, 0.8}) {
        for (const double roughness : {0.05, 0.1, 0.2, 0.3, 0.45, 0.6, 0.8, 1.0}) {
            for (const double weight : {0.4, 1.0}) {
                const TestLayer test(coated(weight, roughness, coat_roughness));
                const CompensatedGgx& lobe = test.layer.lobes.first;
                for (const double angle : {0.0, 30.0, 60.0, 75.0, 84.0, 89.0}) {
                    const Vec3f wo = direction_at_deg(angle);
                    EXPECT_NEAR(
                        double(test.layer.coat.albedo_below(lobe, wo.z)),
                        testing::reflected_share(BelowCoat{test.layer}, wo, double(lobe.row.width)),
                        1e-3)
                        << coat_roughness << " " << roughness << " " << weight << " " << angle;
                }
            }
        }
    }
}

TEST(ClearCoat, OfNoWeightIsNoCoat) {
    const TestLayer none(coated(0, 0.4, 0.1));
    const TestLayer some(coated(0.5, 0.4, 0.1));
    Material material = coated(0, 0.4, 0.1);
    const SpecularTables tables = make_specular_tables(material, true);
    const SpecularLayer bare = SpecularLayer::make(tables.view(material), 0.4f, 0);
    for (const double angle : {0.0, 50.0, 85.0}) {
        const Vec3f wo = direction_at_deg(angle);
        const Vec3f wi = none.layer.sample(wo, {0.3f, 0.6f}, 0.5f);
        EXPECT_EQ(bare.sample(wo, {0.3f, 0.6f}, 0.5f), wi);
        EXPECT_EQ(bare.eval(wo, wi), none.layer.eval(wo, wi));
        EXPECT_EQ(bare.pdf(wo, wi), none.layer.pdf(wo, wi));
        EXPECT_EQ(bare.albedo(wo.z), none.layer.albedo(wo.z));
        EXPECT_GT(some.layer.albedo(wo.z), none.layer.albedo(wo.z));
    }
}

TEST(ClearCoat, OfIndexOneIsNotSeen) {
    Material material = coated(1, 0.4, 0.1);
    material.coat.ior = 1;
    const TestLayer seen(material), none(coated(0, 0.4, 0.1));
    const Vec3f wo = direction_at_deg(50), wi = direction_at_deg(40, 160);
    EXPECT_NEAR(seen.layer.eval(wo, wi), none.layer.eval(wo, wi), 1e-6f);
    EXPECT_NEAR(seen.layer.albedo(wo.z), none.layer.albedo(wo.z), 1e-6f);
}

} // namespace
} // namespace rih
