// SPDX-License-Identifier: Apache-2.0
#include "renderih/hand/pickle_arrays.h"

#include "renderih/base/error.h"
#include "renderih/base/npz_array.h"

#include <algorithm>

namespace rih {

namespace {

using Kind = PickleNode::Kind;

class Extractor {
  public:
    Extractor(const Pickle& pickle,
              const std::string& name,
              const std::string& where,
              std::uint64_t& bytes_left)
        : pickle_(pickle), name_(name), where_(where), bytes_left_(bytes_left) {}

    NpyArray array(int node);

  private:
    [[noreturn]] void fail(const char* what) const {
        throw_user_error("{}: entry \"{}\" of the pickle {}", where_, name_, what);
    }
    void require(bool condition, const char* what) const {
        if (!condition) {
            fail(what);
        }
    }
    const PickleNode& node(int index, Kind kind, const char* what) const {
        require(index >= 0 && pickle_[index].kind == kind, what);
        return pickle_[index];
    }
    /// A field of an object's state.
    int field(const PickleNode& object, std::string_view key) const {
        require(object.state >= 0, "is an object without state");
        const auto found = pickle_.find(object.state, key);
        require(found.has_value(), "is an object without the fields of an array");
        return *found;
    }
    std::string_view text(int index) const {
        const auto bytes = node(index, Kind::Text, "has a number where text is expected").bytes;
        return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    }
    std::vector<std::size_t> shape(int index) const;
    NpyHeader type(int index) const;
    /// Fills shape and sizes; bounded before anything is allocated.
    void set_shape(NpyHeader& header, std::vector<std::size_t> shape);
    std::span<const std::uint8_t> data(int index, Bytes& storage) const;

    NpyArray numpy_array(const PickleNode& object);
    NpyArray scalar(const PickleNode& object);
    NpyArray selection(const PickleNode& object);
    NpyArray dense(const PickleNode& object, bool columns);

    const Pickle& pickle_;
    const std::string& name_;
    const std::string& where_;
    std::uint64_t& bytes_left_;
    int depth_ = 0;
};

std::vector<std::size_t> Extractor::shape(int index) const {
    std::vector<std::size_t> extents;
    for (const int item : node(index, Kind::Tuple, "has no shape").items) {
        const std::int64_t extent = node(item, Kind::Int, "has no shape").integer;
        require(extent >= 0 && extents.size() < 8, "has no shape");
        extents.push_back(static_cast<std::size_t>(extent));
    }
    return extents;
}

NpyHeader Extractor::type(int index) const {
    const PickleNode& object = node(index, Kind::Object, "has no type");
    require(object.name == "numpy.dtype" && object.arguments >= 0, "has no type");
    const auto& arguments = pickle_[object.arguments].items;
    require(!arguments.empty(), "has no type");
    std::string descr(text(arguments[0]));
    require(descr.size() < 10, "has no type");
    char order = '|';
    if (object.state >= 0) {
        const auto& state = node(object.state, Kind::Tuple, "has no type").items;
        require(state.size() >= 2 && text(state[1]).size() == 1, "has no type");
        order = text(state[1])[0];
    }
    if (descr.empty() || std::string_view("<>|=").find(descr[0]) == std::string_view::npos) {
        descr.insert(descr.begin(), order);
    }
    NpyHeader header;
    parse_npy_type(descr, name_, header);
    require(header.kind != 'U' && header.kind != 'S', "holds text where numbers are expected");
    return header;
}

void Extractor::set_shape(NpyHeader& header, std::vector<std::size_t> shape) {
    std::uint64_t count = 1;
    for (const std::size_t extent : shape) {
        require(extent == 0 || count <= bytes_left_ / sizeof(double) / extent,
                "is larger than what is read");
        count *= extent;
    }
    bytes_left_ -= count * sizeof(double); // entries of the pickle may share one array
    header.shape = std::move(shape);
    header.count = count;
    header.total_bytes = count * header.item_size;
}

/// Python 3 writes bytes into protocol 2 as _codecs.encode(text, "latin1").
std::span<const std::uint8_t> Extractor::data(int index, Bytes& storage) const {
    const PickleNode& found = pickle_[index];
    if (found.kind != Kind::Object) {
        return node(index, Kind::Text, "has no data (arrays of objects are not read)").bytes;
    }
    require(found.name == "_codecs.encode" && found.arguments >= 0, "has no data");
    const auto& arguments = pickle_[found.arguments].items;
    require(arguments.size() == 2, "has no data");
    const std::string_view utf8 = text(arguments[0]);
    storage.reserve(utf8.size());
    for (std::size_t i = 0; i < utf8.size(); ++i) {
        const auto lead = static_cast<std::uint8_t>(utf8[i]);
        if (lead < 0x80) {
            storage.push_back(lead);
            continue;
        }
        // Latin-1 beyond ASCII is two bytes in UTF-8, the first 0xc2 or 0xc3.
        require((lead == 0xc2 || lead == 0xc3) && i + 1 < utf8.size(), "has damaged data");
        storage.push_back(
            static_cast<std::uint8_t>((lead << 6) | (static_cast<std::uint8_t>(utf8[++i]) & 0x3f)));
    }
    return storage;
}

/// State of numpy.ndarray: (version, shape, type, is Fortran order, data).
NpyArray Extractor::numpy_array(const PickleNode& object) {
    const auto& state = node(object.state, Kind::Tuple, "is an array without state").items;
    require(state.size() == 5, "is an array of unknown state");
    NpyHeader header = type(state[2]);
    set_shape(header, shape(state[1]));
    header.fortran_order = pickle_[state[3]].integer != 0;
    Bytes storage;
    return decode_npy(header, data(state[4], storage), name_);
}

NpyArray Extractor::scalar(const PickleNode& object) {
    require(object.arguments >= 0 && pickle_[object.arguments].items.size() == 2, "is no number");
    const auto& arguments = pickle_[object.arguments].items;
    NpyHeader header = type(arguments[0]);
    set_shape(header, {});
    Bytes storage;
    return decode_npy(header, data(arguments[1], storage), name_);
}

/// chumpy's Select: elements `idxs` of the flattened `a`, as `preferred_shape`.
NpyArray Extractor::selection(const PickleNode& object) {
    const std::vector<double> all = array(field(object, "a")).as_double();
    const std::vector<std::int64_t> chosen = array(field(object, "idxs")).as_int();
    NpyHeader header{.item_size = sizeof(double)};
    set_shape(header, shape(field(object, "preferred_shape")));
    require(header.count == chosen.size(), "selects another number of elements than its shape has");
    std::vector<double> values;
    values.reserve(chosen.size());
    for (const std::int64_t i : chosen) {
        require(i >= 0 && i < std::ssize(all), "selects an element that is not there");
        values.push_back(all[static_cast<std::size_t>(i)]);
    }
    return {header.shape, std::move(values)};
}

/// A compressed sparse matrix: `indptr` cuts `indices` and `data` into columns (or rows).
NpyArray Extractor::dense(const PickleNode& object, bool columns) {
    NpyHeader header{.item_size = sizeof(double)};
    set_shape(header, shape(field(object, "_shape")));
    require(header.shape.size() == 2, "is a sparse array, but no matrix");
    const std::size_t rows = header.shape[0], cols = header.shape[1];
    const std::vector<std::int64_t> starts = array(field(object, "indptr")).as_int();
    const std::vector<std::int64_t> indices = array(field(object, "indices")).as_int();
    const std::vector<double> data = array(field(object, "data")).as_double();
    const std::size_t major = columns ? cols : rows, minor = columns ? rows : cols;
    require(starts.size() == major + 1 && starts.front() == 0 && starts.back() >= 0 &&
                static_cast<std::size_t>(starts.back()) <= data.size() &&
                data.size() == indices.size() && std::is_sorted(starts.begin(), starts.end()),
            "is a damaged sparse matrix");
    std::vector<double> values(header.count, 0.0);
    for (std::size_t i = 0; i < major; ++i) {
        for (auto k = static_cast<std::size_t>(starts[i]);
             k < static_cast<std::size_t>(starts[i + 1]);
             ++k) {
            require(indices[k] >= 0 && static_cast<std::size_t>(indices[k]) < minor,
                    "is a damaged sparse matrix");
            const auto j = static_cast<std::size_t>(indices[k]);
            values[columns ? j * cols + i : i * cols + j] += data[k];
        }
    }
    return {header.shape, std::move(values)};
}

NpyArray Extractor::array(int index) {
    constexpr int kMaxDepth = 8; // wrappers may be nested, and a hostile file may nest in circles
    require(++depth_ <= kMaxDepth, "is nested too deep");
    const PickleNode& value = pickle_[index];
    NpyArray result;
    if (value.kind == Kind::Int || value.kind == Kind::Bool) {
        result.data = std::vector<std::int64_t>{value.integer};
    } else if (value.kind == Kind::Float) {
        result.data = std::vector<double>{value.number};
    } else if (value.kind != Kind::Object) {
        fail("is no array");
    } else if (value.name.ends_with("multiarray._reconstruct") || value.name == "numpy.ndarray") {
        result = numpy_array(value);
    } else if (value.name.ends_with("multiarray.scalar")) {
        result = scalar(value);
    } else if (value.name == "chumpy.ch.Ch") {
        result = array(field(value, "x"));
    } else if (value.name == "chumpy.reordering.Select") {
        result = selection(value);
    } else if (value.name.starts_with("scipy.sparse.")) {
        result = dense(value, value.name.find("csc") != std::string_view::npos);
    } else {
        fail("is no array");
    }
    --depth_;
    return result;
}

} // namespace

NpyArray array_of_pickle(const Pickle& pickle,
                         int node,
                         const std::string& name,
                         const std::string& where,
                         std::uint64_t& bytes_left) {
    return Extractor(pickle, name, where, bytes_left).array(node);
}

} // namespace rih
