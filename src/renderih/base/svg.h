// SPDX-License-Identifier: Apache-2.0
// Just enough SVG for charts: rectangles, lines, dots, text.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace rih {

class Svg {
  public:
    Svg(double width, double height) : width_(width), height_(height) {}

    void rect(double x, double y, double width, double height, const std::string& fill);
    void dot(double x, double y, double radius, const std::string& fill);
    void line(const std::vector<std::pair<double, double>>& points,
              const std::string& stroke,
              double width = 1);
    /// `anchor`: start, middle or end.
    void text(double x,
              double y,
              const std::string& text,
              double size = 10,
              const std::string& anchor = "start");

    std::string str() const;

  private:
    double width_, height_;
    std::string body_;
};

} // namespace rih
