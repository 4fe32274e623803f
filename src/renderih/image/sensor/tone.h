// SPDX-License-Identifier: Apache-2.0
// The camera's tone curve: contrast about middle grey and a shoulder for the highlights.
#pragma once

namespace rih {

struct ToneCurve {
    double middle_grey = 0.2;     ///< stays where it is
    double contrast = 1;          ///< slope at middle grey in logarithms of light
    double shoulder_start = 0.75; ///< above it an exponential approach to 1 with the same slope

    /// Linear light, any number -> 0 .. 1, rising.
    double shown(double light) const;
    /// The light that is shown as `value` in 0 .. 1 (not 1).
    double light(double value) const;
};

} // namespace rih
