// SPDX-License-Identifier: Apache-2.0
// Owns the arrays behind core/environment_light.h.
#pragma once

#include "renderih/render/core/environment_light.h"
#include "renderih/scene/scene.h"

#include <cstdint>
#include <string>
#include <vector>

namespace rih {

class EnvironmentTable {
  public:
    /// Throws UserError for an empty map, another count of channels than 3, negative or non-finite
    /// radiance.
    explicit EnvironmentTable(const Environment& environment);
    /// The same; keeps the environment's own map where it needs one as it is.
    explicit EnvironmentTable(Environment&& environment);

    /// `strength` >= 0 multiplies the map; `rotation_deg` turns it about +y. Valid while this
    /// object lives. Throws UserError.
    EnvironmentView view(double strength = 1, double rotation_deg = 0) const;

  private:
    struct Blocks;
    void build(const Environment& environment);
    void build_density(const ImageF& map);
    void build_facings(const Blocks& blocks);

    std::string name_;
    int width_ = 0, height_ = 0;
    double greatest_ = 0; ///< of any channel
    bool is_lit_ = false; ///< false for a black map
    std::vector<EnvironmentTexel> texels_;
    ImageF backdrop_;            // empty: the same map
    int columns_ = 0, rows_ = 0; // texels of the map that light is sampled by
    int block_rows_ = 0, block_columns_ = 0, rows_per_block_ = 0, columns_per_block_ = 0;
    std::vector<float> density_; // empty: in texels_
    std::vector<float> block_cdf_, block_rarity_, row_cdf_, cell_cdf_;
};

} // namespace rih
