// SPDX-License-Identifier: Apache-2.0
// Speed and error of pictures.
#pragma once

#include "renderih/pipeline/asset_folder.h"
#include "renderih/pipeline/bench.h"

namespace rih {

/// Figures of `options.count` records, from posed hands to encoded members, and of their light
/// transport.
BenchFigures bench_render(const BenchOptions& options, const AssetFolder& assets, int threads);

/// The error of one record's hands over seconds, for both ways below the skin, with and without the
/// denoiser: relative mean square error against a walk of `options.curve_spp` samples.
BenchFigures bench_curve(const BenchOptions& options, const AssetFolder& assets, int threads);

} // namespace rih
