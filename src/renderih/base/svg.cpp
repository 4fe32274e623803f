// SPDX-License-Identifier: Apache-2.0
#include "renderih/base/svg.h"

#include <fmt/format.h>

namespace rih {

namespace {

std::string escaped(const std::string& text) {
    std::string safe;
    for (const char c : text) {
        safe += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : std::string(1, c);
    }
    return safe;
}

} // namespace

void Svg::rect(double x, double y, double width, double height, const std::string& fill) {
    body_ += fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" "
                         "fill=\"{}\"/>\n",
                         x,
                         y,
                         width,
                         height,
                         fill);
}

void Svg::dot(double x, double y, double radius, const std::string& fill) {
    body_ += fmt::format(
        "<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{:.1f}\" fill=\"{}\"/>\n", x, y, radius, fill);
}

void Svg::line(const std::vector<std::pair<double, double>>& points,
               const std::string& stroke,
               double width) {
    body_ += "<polyline points=\"";
    for (const auto& [x, y] : points) {
        body_ += fmt::format("{:.1f},{:.1f} ", x, y);
    }
    body_ +=
        fmt::format("\" fill=\"none\" stroke=\"{}\" stroke-width=\"{:.1f}\"/>\n", stroke, width);
}

void Svg::text(
    double x, double y, const std::string& text, double size, const std::string& anchor) {
    body_ += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" font-size=\"{:.0f}\" "
                         "font-family=\"sans-serif\" text-anchor=\"{}\">{}</text>\n",
                         x,
                         y,
                         size,
                         anchor,
                         escaped(text));
}

std::string Svg::str() const {
    return fmt::format("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:.0f}\" "
                       "height=\"{1:.0f}\" viewBox=\"0 0 {0:.0f} {1:.0f}\">\n"
                       "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n{2}</svg>\n",
                       width_,
                       height_,
                       body_);
}

} // namespace rih
