// SPDX-License-Identifier: Apache-2.0
#include "renderih/base/npz_array.h"

#include "renderih/base/error.h"

#include <algorithm>
#include <bit>

#include <charconv>

#include <cstring>
#include <functional>
#include <limits>
#include <numeric>
#include <utility>

namespace rih {

static_assert(std::endian::native == std::endian::little, "values are copied as they are stored");

namespace {

/// The header is a Python dictionary literal with three known keys; nothing else is understood.
class HeaderParser {
  public:
    HeaderParser(std::string_view text, const std::string& name) : text_(text), name_(name) {}

    struct Fields {
        std::string descr;
        bool fortran_order = false;
        std::vector<std::size_t> shape;
    };

    Fields parse() {
        Fields fields;
        bool has_descr = false, has_order = false, has_shape = false;
        expect('{');
        while (!accept('}')) {
            const std::string key = quoted();
            expect(':');
            if (key == "descr" && !has_descr) {
                RIH_REQUIRE(peek() != '[', "array \"{}\": has named fields, not numbers", name_);
                fields.descr = quoted();
                has_descr = true;
            } else if (key == "fortran_order" && !has_order) {
                fields.fortran_order = boolean();
                has_order = true;
            } else if (key == "shape" && !has_shape) {
                fields.shape = tuple();
                has_shape = true;
            } else {
                fail();
            }
            if (!accept(',') && peek() != '}') {
                fail();
            }
        }
        skip_space();
        if (!text_.empty() || !has_descr || !has_order || !has_shape) {
            fail();
        }
        return fields;
    }

  private:
    [[noreturn]] void fail() const {
        throw_user_error("array \"{}\": its .npy header is damaged", name_);
    }
    void skip_space() {
        while (!text_.empty() && (text_[0] == ' ' || text_[0] == '\n')) {
            text_.remove_prefix(1);
        }
    }
    char peek() {
        skip_space();
        return text_.empty() ? '\0' : text_[0];
    }
    bool accept(char c) {
        const bool found = peek() == c && !text_.empty();
        text_.remove_prefix(found ? 1 : 0);
        return found;
    }
    void expect(char c) {
        if (!accept(c)) {
            fail();
        }
    }
    std::string quoted() {
        const char quote = peek() == '"' ? '"' : '\'';
        expect(quote);
        const std::size_t end = text_.find(quote);
        if (end == std::string_view::npos || end > 100) {
            fail();
        }
        std::string value(text_.substr(0, end));
        text_.remove_prefix(end + 1);
        return value;
    }
    bool boolean() {
        skip_space();
        for (const auto& [word, value] : {std::pair{"True", true}, std::pair{"False", false}}) {
            if (text_.starts_with(word)) {
                text_.remove_prefix(std::strlen(word));
                return value;
            }
        }
        fail();
    }
    std::vector<std::size_t> tuple() {
        std::vector<std::size_t> values;
        expect('(');
        while (!accept(')')) {
            skip_space();
            std::uint64_t value = 0;
            const auto [end, error] =
                std::from_chars(text_.data(), text_.data() + text_.size(), value);
            constexpr std::size_t kMaxDimensions = 32; // numpy's own limit
            if (error != std::errc() || values.size() == kMaxDimensions) {
                fail();
            }
            text_.remove_prefix(static_cast<std::size_t>(end - text_.data()));
            if (!text_.empty() && text_[0] == 'L') { // Python 2 wrote long integers so
                text_.remove_prefix(1);
            }
            values.push_back(value);
            if (!accept(',') && peek() != ')') {
                fail();
            }
        }
        return values;
    }

    std::string_view text_;
    const std::string& name_;
};

template <typename Stored, typename Value>
void convert(std::span<const std::uint8_t> bytes, std::vector<Value>& values) {
    for (std::size_t i = 0; i < values.size(); ++i) {
        Stored stored;
        std::memcpy(&stored, bytes.data() + i * sizeof(Stored), sizeof(Stored));
        values[i] = static_cast<Value>(stored);
    }
}

void append_utf8(std::uint32_t c, std::string& text) {
    const auto put = [&](std::uint32_t byte) { text.push_back(static_cast<char>(byte)); };
    if (c < 0x80) {
        put(c);
    } else if (c < 0x800) {
        put(0xc0 | (c >> 6)), put(0x80 | (c & 0x3f));
    } else if (c < 0x10000) {
        put(0xe0 | (c >> 12)), put(0x80 | ((c >> 6) & 0x3f)), put(0x80 | (c & 0x3f));
    } else {
        put(0xf0 | (c >> 18)), put(0x80 | ((c >> 12) & 0x3f));
        put(0x80 | ((c >> 6) & 0x3f)), put(0x80 | (c & 0x3f));
    }
}

/// One '<U' or '|S' element; bytes count as Latin-1. The padding zeros at the end go.
std::string decode_text(char kind, std::span<const std::uint8_t> item, const std::string& name) {
    const std::size_t width = kind == 'U' ? 4 : 1;
    std::size_t length = item.size() / width;
    const auto at = [&](std::size_t i) {
        std::uint32_t c = 0;
        std::memcpy(&c, item.data() + i * width, width);
        return c;
    };
    while (length > 0 && at(length - 1) == 0) {
        --length;
    }
    std::string text;
    for (std::size_t i = 0; i < length; ++i) {
        const std::uint32_t c = at(i);
        RIH_REQUIRE(c < 0x110000 && (c < 0xd800 || c > 0xdfff),
                    "array \"{}\": its text is no valid Unicode",
                    name);
        append_utf8(c, text);
    }
    return text;
}

/// Values stored with the first index fastest, put into C order.
template <typename T>
std::vector<T> from_fortran_order(std::vector<T> values, const std::vector<std::size_t>& shape) {
    std::vector<T> turned;
    turned.reserve(values.size());
    std::vector<std::size_t> index(shape.size(), 0);
    std::vector<std::size_t> stride(shape.size(), 1);
    for (std::size_t d = 1; d < shape.size(); ++d) {
        stride[d] = stride[d - 1] * shape[d - 1];
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
        turned.push_back(std::move(
            values[std::inner_product(index.begin(), index.end(), stride.begin(), std::size_t{})]));
        for (std::size_t d = shape.size(); d-- > 0;) {
            if (++index[d] < shape[d]) {
                break;
            }
            index[d] = 0;
        }
    }
    return turned;
}

std::vector<std::uint32_t> code_points(std::string_view utf8, const std::string& name) {
    std::vector<std::uint32_t> points;
    for (std::size_t i = 0; i < utf8.size();) {
        const auto lead = static_cast<std::uint8_t>(utf8[i]);
        const int more = lead < 0x80 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
        std::uint32_t c = more == 0 ? lead : lead & (0x3fu >> more);
        RIH_ASSERT(i + static_cast<std::size_t>(more) < utf8.size(),
                   "text for array \"{}\" is no UTF-8",
                   name);
        for (int k = 1; k <= more; ++k) {
            c = (c << 6) |
                (static_cast<std::uint8_t>(utf8[i + static_cast<std::size_t>(k)]) & 0x3f);
        }
        points.push_back(c);
        i += static_cast<std::size_t>(more) + 1;
    }
    return points;
}

template <typename Stored>
void append(Stored value, Bytes& bytes) {
    const std::size_t at = bytes.size();
    bytes.resize(at + sizeof(Stored));
    std::memcpy(bytes.data() + at, &value, sizeof(Stored));
}

template <typename Stored>
void append_integers(const NpyArray& array, const std::string& name, Bytes& bytes) {
    for (const std::int64_t value : std::get<std::vector<std::int64_t>>(array.data)) {
        RIH_ASSERT(value >= std::numeric_limits<Stored>::min() &&
                       value <= std::numeric_limits<Stored>::max(),
                   "array \"{}\": {} does not fit its type",
                   name,
                   value);
        append(static_cast<Stored>(value), bytes);
    }
}

} // namespace

std::size_t NpyArray::size() const {
    return std::visit([](const auto& values) { return values.size(); }, data);
}

std::vector<double> NpyArray::as_double() const {
    if (const auto* integers = std::get_if<std::vector<std::int64_t>>(&data)) {
        return {integers->begin(), integers->end()};
    }
    const auto* doubles = std::get_if<std::vector<double>>(&data);
    RIH_REQUIRE(doubles != nullptr, "the array holds text where numbers are expected");
    return *doubles;
}

std::vector<std::int64_t> NpyArray::as_int() const {
    const auto* integers = std::get_if<std::vector<std::int64_t>>(&data);
    RIH_REQUIRE(integers != nullptr,
                "the array holds {} where integers are expected",
                std::holds_alternative<std::vector<double>>(data) ? "floats" : "text");
    return *integers;
}

void parse_npy_type(const std::string& descr, const std::string& name, NpyHeader& header) {
    RIH_REQUIRE(descr.find('O') == std::string::npos,
                "array \"{}\": holds Python objects (pickles inside an npz), which are never read; "
                "store it as numbers",
                name);
    const bool has_order = !descr.empty() && std::strchr("<>|=", descr[0]) != nullptr;
    RIH_REQUIRE(
        has_order && descr.size() >= 3, "array \"{}\": has the unknown type \"{}\"", name, descr);
    RIH_REQUIRE(descr[0] != '>',
                "array \"{}\": is big-endian (\"{}\"); store it with .astype(\"<{}\")",
                name,
                descr,
                descr.substr(1));
    header.kind = descr[1];
    std::size_t number = 0;
    const char* const end = descr.data() + descr.size();
    const auto parsed = std::from_chars(descr.data() + 2, end, number);
    bool known = parsed.ec == std::errc() && parsed.ptr == end;
    switch (header.kind) {
    case 'f':
        known = known && (number == 4 || number == 8);
        break;
    case 'i':
    case 'u':
        known = known && (number == 1 || number == 2 || number == 4 || number == 8);
        break;
    case 'b':
        known = known && number == 1;
        break;
    case 'U':
    case 'S':
        known = known && number <= (std::size_t{1} << 28);
        break;
    default:
        known = false;
    }
    RIH_REQUIRE(known,
                "array \"{}\": has the type \"{}\"; only 4- and 8-byte floats, integers, booleans "
                "and text are read",
                name,
                descr);
    header.item_size = header.kind == 'U' ? 4 * number : number;
}

NpyHeader parse_npy_header(std::span<const std::uint8_t> start,
                           const std::string& name,
                           const NpzLimits& limits) {
    constexpr std::string_view kMagic = "\x93NUMPY";
    const auto damaged = [&] {
        throw_user_error("array \"{}\": is no .npy file or cut short", name);
    };
    if (start.size() < 10 || std::memcmp(start.data(), kMagic.data(), kMagic.size()) != 0) {
        damaged();
    }
    const int version = start[6];
    RIH_REQUIRE(version >= 1 && version <= 3,
                "array \"{}\": has .npy version {}; 1 to 3 are read",
                name,
                version);
    const std::size_t length_bytes = version == 1 ? 2 : 4;
    if (start.size() < 8 + length_bytes) {
        damaged();
    }
    std::uint32_t length = 0;
    std::memcpy(&length, start.data() + 8, length_bytes);
    RIH_REQUIRE(length <= kMaxNpyHeaderBytes,
                "array \"{}\": has a header of {} bytes; at most {} are read",
                name,
                length,
                kMaxNpyHeaderBytes);
    NpyHeader header;
    header.header_bytes = 8 + length_bytes + length;
    if (start.size() < header.header_bytes) {
        damaged();
    }
    const std::string_view text(reinterpret_cast<const char*>(start.data()) + 8 + length_bytes,
                                length);
    auto fields = HeaderParser(text, name).parse();
    parse_npy_type(fields.descr, name, header);
    header.fortran_order = fields.fortran_order;
    header.shape = std::move(fields.shape);

    // Bound the values in memory (8 bytes a number; Latin-1 takes up to two bytes in UTF-8) and so
    // in the file before anything is allocated. Zero-sized axes do not hide the size of the others.
    const bool text_kind = header.kind == 'U' || header.kind == 'S';
    const std::size_t in_memory =
        text_kind ? sizeof(std::string) + header.item_size * (header.kind == 'S' ? 2 : 1)
                  : sizeof(double);
    std::uint64_t count = 1;
    bool fits = in_memory <= limits.max_array_bytes, is_empty = false;
    for (const std::size_t extent : header.shape) {
        is_empty |= extent == 0;
        fits = fits && (extent == 0 || count <= limits.max_array_bytes / in_memory / extent);
        count *= fits && extent > 0 ? extent : 1;
    }
    RIH_REQUIRE(fits,
                "array \"{}\": has more than the {} bytes that are read",
                name,
                limits.max_array_bytes);
    header.count = is_empty ? 0 : count;
    header.total_bytes = header.header_bytes + header.count * header.item_size;
    header.memory_bytes = header.count * in_memory;
    return header;
}

NpyArray
decode_npy(const NpyHeader& header, std::span<const std::uint8_t> file, const std::string& name) {
    RIH_REQUIRE(file.size() == header.total_bytes,
                "array \"{}\": has {} bytes, but its header announces {}",
                name,
                file.size(),
                header.total_bytes);
    const auto bytes = file.subspan(header.header_bytes);
    NpyArray array;
    array.shape = header.shape;
    const std::size_t size = header.item_size;
    if (header.kind == 'f') {
        std::vector<double> values(header.count);
        size == 4 ? convert<float>(bytes, values) : convert<double>(bytes, values);
        array.data = std::move(values);
    } else if (header.kind == 'U' || header.kind == 'S') {
        std::vector<std::string> values;
        values.reserve(header.count);
        for (std::size_t i = 0; i < header.count; ++i) {
            values.push_back(decode_text(header.kind, bytes.subspan(i * size, size), name));
        }
        array.data = std::move(values);
    } else {
        std::vector<std::int64_t> values(header.count);
        const bool is_signed = header.kind == 'i';
        switch (size) {
        case 1:
            is_signed ? convert<std::int8_t>(bytes, values) : convert<std::uint8_t>(bytes, values);
            break;
        case 2:
            is_signed ? convert<std::int16_t>(bytes, values)
                      : convert<std::uint16_t>(bytes, values);
            break;
        case 4:
            is_signed ? convert<std::int32_t>(bytes, values)
                      : convert<std::uint32_t>(bytes, values);
            break;
        default:
            convert<std::int64_t>(bytes, values);
            for (const std::int64_t value : values) {
                RIH_REQUIRE(is_signed || value >= 0,
                            "array \"{}\": has an unsigned value of 2^63 or more",
                            name);
            }
        }
        array.data = std::move(values);
    }
    if (header.fortran_order && header.shape.size() > 1) {
        std::visit(
            [&](auto& values) { values = from_fortran_order(std::move(values), header.shape); },
            array.data);
    }
    return array;
}

NpyArray
read_npy(std::span<const std::uint8_t> bytes, const std::string& name, const NpzLimits& limits) {
    return decode_npy(parse_npy_header(bytes, name, limits), bytes, name);
}

std::string append_npy_values(const NpyOutput& output, const std::string& name, Bytes& bytes) {
    switch (output.type) {
    case NpyType::Float64:
    case NpyType::Float32:
        for (const double value : output.array.as_double()) {
            if (output.type == NpyType::Float64) {
                append(value, bytes);
            } else {
                append(static_cast<float>(value), bytes);
            }
        }
        return output.type == NpyType::Float64 ? "<f8" : "<f4";
    case NpyType::Int64:
        append_integers<std::int64_t>(output.array, name, bytes);
        return "<i8";
    case NpyType::Int32:
        append_integers<std::int32_t>(output.array, name, bytes);
        return "<i4";
    case NpyType::UInt8:
        append_integers<std::uint8_t>(output.array, name, bytes);
        return "|u1";
    case NpyType::Text:
        break;
    }
    std::vector<std::vector<std::uint32_t>> texts;
    std::size_t width = 1;
    for (const std::string& text : std::get<std::vector<std::string>>(output.array.data)) {
        texts.push_back(code_points(text, name));
        width = std::max(width, texts.back().size());
    }
    for (auto& text : texts) {
        text.resize(width, 0);
        for (const std::uint32_t c : text) {
            append(c, bytes);
        }
    }
    return fmt::format("<U{}", width);
}

Bytes npy_header(const std::string& descr, const std::vector<std::size_t>& shape) {
    std::string header = fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': (", descr);
    for (std::size_t d = 0; d < shape.size(); ++d) {
        header += fmt::format("{}{}", shape[d], d + 1 < shape.size() ? ", " : "");
    }
    header += shape.size() == 1 ? ",), }" : "), }";
    constexpr std::size_t kAlign = 64, kPrefix = 10; // numpy aligns the values
    header.append((kAlign - (kPrefix + header.size() + 1) % kAlign) % kAlign, ' ');
    header += '\n';
    const std::string_view magic("\x93NUMPY\x01\x00", 8);
    Bytes bytes(magic.begin(), magic.end());
    append(static_cast<std::uint16_t>(header.size()), bytes);
    bytes.insert(bytes.end(), header.begin(), header.end());
    return bytes;
}

Bytes encode_npy(const NpyOutput& output, const std::string& name) {
    const auto& shape = output.array.shape;
    const std::size_t count =
        std::accumulate(shape.begin(), shape.end(), std::size_t{1}, std::multiplies<>());
    RIH_ASSERT(count == output.array.size(),
               "array \"{}\": {} values for a shape of {}",
               name,
               output.array.size(),
               count);
    Bytes values;
    Bytes file = npy_header(append_npy_values(output, name, values), shape);
    file.insert(file.end(), values.begin(), values.end());
    return file;
}

} // namespace rih
