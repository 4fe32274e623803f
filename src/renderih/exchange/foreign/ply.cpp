// SPDX-License-Identifier: Apache-2.0
#include "renderih/exchange/foreign/ply.h"

#include "renderih/base/error.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <string_view>
#include <vector>

namespace rih {

namespace {

struct Type {
    std::string_view name, other_name;
    std::size_t size;
    double (*value)(const std::uint8_t*);
};

template <typename T>
double value_as(const std::uint8_t* bytes) {
    T value;
    std::memcpy(&value, bytes, sizeof(T)); // the machine is little-endian too
    return static_cast<double>(value);
}

constexpr std::array<Type, 8> kTypes{{{"char", "int8", 1, value_as<std::int8_t>},
                                      {"uchar", "uint8", 1, value_as<std::uint8_t>},
                                      {"short", "int16", 2, value_as<std::int16_t>},
                                      {"ushort", "uint16", 2, value_as<std::uint16_t>},
                                      {"int", "int32", 4, value_as<std::int32_t>},
                                      {"uint", "uint32", 4, value_as<std::uint32_t>},
                                      {"float", "float32", 4, value_as<float>},
                                      {"double", "float64", 8, value_as<double>}}};

struct Property {
    int axis = -1; // of x, y, z; -1: another
    const Type* type = nullptr;
    std::size_t offset = 0; // bytes, in a row
};

struct Header {
    bool is_text = false;
    std::size_t vertices = 0, row_bytes = 0, end = 0; // end: where the rows begin
    std::vector<Property> properties;
};

class Reader {
  public:
    Reader(std::span<const std::uint8_t> file, const std::string& where)
        : text_(reinterpret_cast<const char*>(file.data()), file.size()), where_(where) {}

    Points read() {
        read_header();
        Points points(static_cast<Eigen::Index>(header_.vertices), 3);
        header_.is_text ? read_text(points) : read_binary(points);
        require(points.allFinite(), "a vertex that is no number");
        return points;
    }

  private:
    void require(bool condition, const char* what) const {
        RIH_REQUIRE(condition, "{}: is no PLY that can be read: {}", where_, what);
    }

    std::string_view take_line() {
        const auto end = text_.find('\n', at_);
        require(end != std::string_view::npos, "it ends within a line");
        std::string_view line = text_.substr(at_, end - at_);
        at_ = end + 1;
        if (line.ends_with('\r')) {
            line.remove_suffix(1);
        }
        return line;
    }

    /// The next word of a line; empty at its end.
    static std::string_view take_word(std::string_view& line) {
        const auto begin = line.find_first_not_of(" \t");
        if (begin == std::string_view::npos) {
            line = {};
            return {};
        }
        line.remove_prefix(begin);
        const std::string_view word = line.substr(0, line.find_first_of(" \t"));
        line.remove_prefix(word.size());
        return word;
    }

    void read_header() {
        constexpr int kMaxLines = 200;
        require(take_line() == "ply", "its first line is not \"ply\"");
        bool in_vertex = false, after_vertex = false, has_format = false;
        for (int i = 0;; ++i) {
            require(i < kMaxLines, "a header of too many lines");
            std::string_view line = take_line();
            const std::string_view word = take_word(line);
            if (word == "end_header") {
                break;
            }
            if (word == "format") {
                const std::string_view format = take_word(line);
                header_.is_text = format == "ascii";
                require(header_.is_text || format == "binary_little_endian",
                        "its format is neither ascii nor binary_little_endian");
                has_format = true;
            } else if (word == "element") {
                const bool is_vertex = take_word(line) == "vertex";
                require(is_vertex || in_vertex || after_vertex, "an element before \"vertex\"");
                require(!is_vertex || (!in_vertex && !after_vertex), "\"vertex\" twice");
                after_vertex = in_vertex || after_vertex;
                in_vertex = is_vertex;
                if (is_vertex) {
                    header_.vertices = vertex_count(take_word(line));
                }
            } else if (word == "property" && in_vertex) {
                add_property(line);
            }
        }
        require(has_format && (in_vertex || after_vertex), "no format or no vertices");
        for (int axis = 0; axis < 3; ++axis) {
            require(std::count_if(header_.properties.begin(),
                                  header_.properties.end(),
                                  [&](const Property& p) { return p.axis == axis; }) == 1,
                    "its vertices have not x, y and z once each");
        }
    }

    std::size_t vertex_count(std::string_view word) const {
        int count = 0;
        const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), count);
        require(error == std::errc{} && end == word.data() + word.size() && count >= 0 &&
                    count <= kMaxPlyVertices,
                "a number of vertices beyond what is read");
        return static_cast<std::size_t>(count);
    }

    void add_property(std::string_view line) {
        constexpr std::size_t kMaxProperties = 64;
        const std::string_view type = take_word(line), name = take_word(line);
        const auto found = std::find_if(kTypes.begin(), kTypes.end(), [&](const Type& known) {
            return type == known.name || type == known.other_name;
        });
        require(found != kTypes.end(), "a property of its vertices that is no number");
        require(header_.properties.size() < kMaxProperties, "too many properties");
        const auto axis = std::string_view("xyz").find(name);
        header_.properties.push_back(
            {name.size() == 1 && axis != std::string_view::npos ? static_cast<int>(axis) : -1,
             &*found,
             header_.row_bytes});
        header_.row_bytes += found->size;
    }

    void read_binary(Points& points) {
        require(header_.vertices * header_.row_bytes <= text_.size() - at_,
                "it ends before its last vertex");
        const auto* row = reinterpret_cast<const std::uint8_t*>(text_.data()) + at_;
        for (Eigen::Index v = 0; v < points.rows(); ++v, row += header_.row_bytes) {
            for (const Property& property : header_.properties) {
                if (property.axis >= 0) {
                    points(v, property.axis) = property.type->value(row + property.offset);
                }
            }
        }
    }

    void read_text(Points& points) {
        for (Eigen::Index v = 0; v < points.rows(); ++v) {
            std::string_view line = take_line();
            for (const Property& property : header_.properties) {
                const std::string_view word = take_word(line);
                double value = 0;
                const auto [end, error] =
                    std::from_chars(word.data(), word.data() + word.size(), value);
                require(error == std::errc{} && end == word.data() + word.size(),
                        "a vertex that is no row of numbers");
                if (property.axis >= 0) {
                    points(v, property.axis) = value;
                }
            }
        }
    }

    std::string_view text_;
    const std::string& where_;
    std::size_t at_ = 0;
    Header header_;
};

} // namespace

Points ply_vertices(std::span<const std::uint8_t> file, const std::string& where) {
    return Reader(file, where).read();
}

} // namespace rih
