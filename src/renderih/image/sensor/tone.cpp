// SPDX-License-Identifier: Apache-2.0
#include "renderih/image/sensor/tone.h"

#include <cmath>

namespace rih {

double ToneCurve::shown(double light) const {
    if (!(light > 0)) {
        return 0;
    }
    const double value =
        contrast == 1 ? light : middle_grey * std::pow(light / middle_grey, contrast);
    const double room = 1 - shoulder_start;
    return value <= shoulder_start ? value : 1 - room * std::exp(-(value - shoulder_start) / room);
}

double ToneCurve::light(double value) const {
    const double room = 1 - shoulder_start;
    const double below =
        value <= shoulder_start ? value : shoulder_start - room * std::log((1 - value) / room);
    return contrast == 1 ? below : middle_grey * std::pow(below / middle_grey, 1 / contrast);
}

} // namespace rih
