// SPDX-License-Identifier: Apache-2.0
// Owns the arrays behind core/environment_light.h.
#pragma once

#include "renderih/render/core/environment_light.h"
#include "renderih/scene/scene.h"

#include <vector>

namespace rih {

class EnvironmentTable {
  public:
    /// `strength` >= 0 multiplies the map; `rotation_deg` turns it about +y. Throws UserError for
    /// an empty map, another count of channels than 3, negative or non-finite radiance.
    EnvironmentTable(const Environment& environment, double strength, double rotation_deg);

    /// Valid while this object lives.
    EnvironmentView view() const;

  private:
    void build_density();

    int width_ = 0, height_ = 0;
    float rotation_u_ = 0;
    bool is_lit_ = false; ///< false for a black map
    std::vector<Vec3f> radiance_;
    std::vector<float> density_, row_cdf_, cell_cdf_;
};

} // namespace rih
