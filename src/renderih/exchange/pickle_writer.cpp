// SPDX-License-Identifier: Apache-2.0
#include "renderih/exchange/pickle_writer.h"

#include "renderih/base/error.h"
#include "renderih/base/npz_array.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <numeric>

namespace rih {

// Names of instructions are those of Python's pickletools.

PickleWriter::PickleWriter() {
    raw("\x80\x03"); // PROTO 3
}

void PickleWriter::raw(std::string_view bytes) {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
}

template <typename T>
void PickleWriter::number(T value) {
    const std::size_t at = bytes_.size();
    bytes_.resize(at + sizeof(T));
    std::memcpy(bytes_.data() + at, &value, sizeof(T));
}

void PickleWriter::none() {
    raw("N");
}

void PickleWriter::value(bool truth) {
    raw(truth ? "\x88" : "\x89"); // NEWTRUE, NEWFALSE
}

void PickleWriter::value(std::int64_t v) {
    RIH_ASSERT(v >= std::numeric_limits<std::int32_t>::min() &&
                   v <= std::numeric_limits<std::int32_t>::max(),
               "{} does not fit into 32 bits",
               v);
    raw("J"); // BININT
    number(static_cast<std::int32_t>(v));
}

void PickleWriter::value(double v) {
    raw("G"); // BINFLOAT, big-endian
    const auto bits = std::bit_cast<std::uint64_t>(v);
    for (int shift = 56; shift >= 0; shift -= 8) {
        bytes_.push_back(static_cast<std::uint8_t>(bits >> shift));
    }
}

void PickleWriter::value(std::string_view text) {
    raw("X"); // BINUNICODE
    number(static_cast<std::uint32_t>(text.size()));
    raw(text);
}

void PickleWriter::begin_list() {
    raw("]("); // EMPTY_LIST, MARK
}

void PickleWriter::end_list() {
    raw("e"); // APPENDS
}

void PickleWriter::begin_dict() {
    raw("}("); // EMPTY_DICT, MARK
}

void PickleWriter::end_dict() {
    raw("u"); // SETITEMS
}

void PickleWriter::dtype(std::string_view name, std::string_view order, int flags) {
    raw("cnumpy\ndtype\n");
    value(name), value(false), value(true);
    raw("\x87R("); // TUPLE3, REDUCE, MARK
    value(std::int64_t{3}), value(order);
    raw("NNN");
    value(std::int64_t{-1}), value(std::int64_t{-1}), value(std::int64_t{flags});
    raw("tb"); // TUPLE, BUILD
}

/// numpy's own way: _reconstruct(ndarray, (0,), b"b") and then a state, which begins with the
/// version and the shape.
void PickleWriter::begin_array_state(const std::vector<std::size_t>& shape) {
    raw("cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\n");
    value(std::int64_t{0});
    raw("\x85"
        "C\x01"
        "b"
        "\x87R("); // TUPLE1, SHORT_BINBYTES, TUPLE3, REDUCE, MARK
    value(std::int64_t{1});
    raw("(");
    for (const std::size_t extent : shape) {
        value(static_cast<std::int64_t>(extent));
    }
    raw("t");
}

void PickleWriter::array(const std::vector<std::size_t>& shape,
                         std::span<const double> values,
                         NpyType type) {
    RIH_ASSERT(type == NpyType::Float32 || type == NpyType::Float64, "only floats are written");
    const std::size_t count =
        std::accumulate(shape.begin(), shape.end(), std::size_t{1}, std::multiplies<>());
    RIH_ASSERT(count == values.size(), "{} values for a shape of {}", values.size(), count);
    begin_array_state(shape);
    dtype(type == NpyType::Float32 ? "f4" : "f8", "<", 0);
    value(false); // not in Fortran's order
    raw("B");     // BINBYTES
    number(static_cast<std::uint32_t>(values.size() * (type == NpyType::Float32 ? 4 : 8)));
    for (const double v : values) {
        if (type == NpyType::Float32) {
            number(static_cast<float>(v));
        } else {
            number(v);
        }
    }
    raw("tb");
}

void PickleWriter::begin_object_array() {
    constexpr int kHoldsObjects = 63; // numpy's flags of its object type
    begin_array_state({});
    dtype("O8", "|", kHoldsObjects);
    value(false);
    begin_list();
}

void PickleWriter::end_object_array() {
    end_list();
    raw("tb");
}

Bytes PickleWriter::take() {
    raw("."); // STOP
    return std::move(bytes_);
}

Bytes npy_of_object(const Bytes& pickle) {
    Bytes file = npy_header("|O", {});
    file.insert(file.end(), pickle.begin(), pickle.end());
    return file;
}

} // namespace rih
