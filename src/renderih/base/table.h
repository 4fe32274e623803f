// SPDX-License-Identifier: Apache-2.0
// A table of text, as CSV and as Markdown.
#pragma once

#include <string>
#include <vector>

namespace rih {

struct Table {
    std::vector<std::string> columns;
    std::vector<std::vector<std::string>> rows; // each as long as `columns`

    /// RFC 4180: fields with commas, quotes or line ends are quoted.
    std::string csv() const;
    /// The first column to the left, the others to the right.
    std::string markdown() const;
};

/// `value` with `digits` behind the point; "-" for what is not finite (nothing to average).
std::string figure(double value, int digits);

/// NaN when there is nothing.
double mean_of(const std::vector<double>& values);
double quantile_of(std::vector<double> values, double share);
inline double median_of(const std::vector<double>& values) {
    return quantile_of(values, 0.5);
}

} // namespace rih
