// SPDX-License-Identifier: Apache-2.0
#include "renderih/hand/testing/mano_file.h"

#include "renderih/hand/testing/open_hand.h"

#include <cstring>
#include <map>
#include <string_view>

namespace rih {

namespace {

using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// The instructions that Python 2's cPickle writes at protocol 2.
class PickleWriter {
  public:
    PickleWriter() { raw("\x80\x02"); }

    void raw(std::string_view bytes) { bytes_.insert(bytes_.end(), bytes.begin(), bytes.end()); }
    template <typename T>
    void number(T value) {
        const std::size_t at = bytes_.size();
        bytes_.resize(at + sizeof(T));
        std::memcpy(bytes_.data() + at, &value, sizeof(T));
    }
    void integer(std::int64_t value) {
        if (value >= 0 && value < 256) {
            raw("K"), number(static_cast<std::uint8_t>(value));
        } else if (value >= 0 && value < 65536) {
            raw("M"), number(static_cast<std::uint16_t>(value));
        } else {
            raw("J"), number(static_cast<std::int32_t>(value));
        }
    }
    void text(std::string_view value) {
        if (value.size() < 256) {
            raw("U"), number(static_cast<std::uint8_t>(value.size()));
        } else {
            raw("T"), number(static_cast<std::uint32_t>(value.size()));
        }
        raw(value);
    }
    /// Once by name, afterwards from the memo.
    void global(const std::string& module, const std::string& name) {
        const auto [it, is_new] = memo_.try_emplace(module + "\n" + name, next_memo_);
        if (!is_new) {
            raw("h"), number(it->second);
            return;
        }
        raw("c" + module + "\n" + name + "\n");
        raw("q"), number(next_memo_++);
    }
    void dtype(const std::string& name, const char* order) {
        const auto [it, is_new] = memo_.try_emplace("dtype " + name, std::uint8_t{0});
        if (!is_new) {
            raw("h"), number(it->second);
            return;
        }
        global("numpy", "dtype");
        text(name), integer(0), integer(1);
        raw("\x87R"); // TUPLE3, REDUCE
        it->second = next_memo_++;
        raw("q"), number(it->second);
        raw("("), integer(3), text(order), raw("NNN"), integer(-1), integer(-1), integer(0);
        raw("tb");
    }
    /// numpy's __reduce__: _reconstruct(ndarray, (0,), 'b') and a state.
    void array(const std::vector<std::size_t>& shape,
               const std::string& type,
               std::string_view data,
               bool fortran = false) {
        global("numpy.core.multiarray", "_reconstruct");
        global("numpy", "ndarray");
        integer(0), raw("\x85"), text("b"), raw("\x87R");
        raw("("), integer(1);
        raw("(");
        for (const std::size_t extent : shape) {
            integer(static_cast<std::int64_t>(extent));
        }
        raw("t");
        dtype(type, "<");
        raw(fortran ? "\x88" : "\x89"), text(data), raw("tb");
    }
    template <typename T>
    void array(const std::vector<std::size_t>& shape,
               const std::string& type,
               const std::vector<T>& values) {
        array(shape,
              type,
              std::string_view(reinterpret_cast<const char*>(values.data()),
                               values.size() * sizeof(T)));
    }
    /// An object of a class without arguments; its state follows, then end_object().
    void begin_object(const std::string& module, const std::string& name, bool new_object) {
        if (new_object) {
            global(module, name);
            raw(")\x81}("); // EMPTY_TUPLE, NEWOBJ; EMPTY_DICT, MARK
        } else {
            global("copy_reg", "_reconstructor");
            global(module, name);
            global("__builtin__", "object");
            raw("N\x87R}(");
        }
    }
    void end_object() { raw("ub"); } // SETITEMS, BUILD

    Bytes finish() {
        raw(".");
        return std::move(bytes_);
    }

  private:
    Bytes bytes_;
    std::map<std::string, std::uint8_t> memo_;
    std::uint8_t next_memo_ = 0;
};

std::vector<double> doubles(const RowMajor& m) {
    return {m.data(), m.data() + m.size()};
}

/// The arrays of MANO's keys, before either container.
struct ManoData {
    std::size_t vertices = 0, faces = 0, shapes = 0;
    std::vector<double> v_template, weights, shapedirs, posedirs, hands_mean, joints;
    std::vector<std::uint32_t> f, kintree;
    Eigen::SparseMatrix<double> regressor; // by columns
};

ManoData mano_data(const HandModel& hand, const VecX& hands_mean) {
    const HandModel open = without_forearm(hand);
    ManoData data;
    data.vertices = static_cast<std::size_t>(open.vertex_count());
    data.faces = open.faces.size();
    data.shapes = static_cast<std::size_t>(open.shape_count());
    data.v_template = doubles(open.template_vertices);
    data.weights = doubles(MatX(open.skin_weights));
    data.shapedirs = doubles(open.shape_dirs);
    data.posedirs = doubles(open.pose_dirs.cols() > 0
                                ? open.pose_dirs
                                : MatX(MatX::Zero(open.shape_dirs.rows(), 9 * kFingerJointCount)));
    data.hands_mean =
        doubles(hands_mean.size() > 0 ? hands_mean : VecX(VecX::Zero(3 * kFingerJointCount)));
    data.regressor = open.joint_regressor;
    data.joints = doubles(open.joint_regressor * open.template_vertices);
    for (const auto& face : open.faces) {
        data.f.insert(data.f.end(), face.begin(), face.end());
    }
    for (int j = 0; j < kJointCount; ++j) { // the wrist's parent is 2^32 - 1
        data.kintree.push_back(static_cast<std::uint32_t>(kParents[j]));
    }
    for (std::uint32_t j = 0; j < kJointCount; ++j) {
        data.kintree.push_back(j);
    }
    return data;
}

/// chumpy's __getstate__ gives these beside the values.
void write_chumpy_rest(PickleWriter& out) {
    out.text("_itr"), out.raw("N");
    out.text("_dirty_vars"), out.global("__builtin__", "set"), out.raw("]\x85R");
}

void write_shapedirs(PickleWriter& out, const ManoData& data, const ManoFileOptions& options) {
    const std::vector<std::size_t> shape{data.vertices, 3, data.shapes};
    if (!options.select) {
        out.begin_object("chumpy.ch", "Ch", options.new_object);
        out.text("x"), out.array(shape, "f8", data.shapedirs);
        write_chumpy_rest(out);
        out.end_object();
        return;
    }
    // Every element chosen out of an array that holds them backwards.
    std::vector<std::int64_t> indices(data.shapedirs.size());
    std::vector<double> backwards(data.shapedirs.rbegin(), data.shapedirs.rend());
    for (std::size_t i = 0; i < indices.size(); ++i) {
        indices[i] = static_cast<std::int64_t>(indices.size() - 1 - i);
    }
    out.begin_object("chumpy.reordering", "Select", options.new_object);
    out.text("a");
    out.begin_object("chumpy.ch", "Ch", options.new_object);
    out.text("x"), out.array({backwards.size()}, "f8", backwards);
    out.end_object();
    out.text("idxs"), out.array({indices.size()}, "i8", indices);
    out.text("preferred_shape"), out.raw("(");
    for (const std::size_t extent : shape) {
        out.integer(static_cast<std::int64_t>(extent));
    }
    out.raw("t");
    write_chumpy_rest(out);
    out.end_object();
}

void write_regressor(PickleWriter& out, const ManoData& data, bool new_object) {
    const auto& matrix = data.regressor;
    std::vector<double> values;
    std::vector<std::int32_t> indices, starts{0};
    for (Eigen::Index column = 0; column < matrix.cols(); ++column) {
        for (Eigen::SparseMatrix<double>::InnerIterator it(matrix, column); it; ++it) {
            values.push_back(it.value());
            indices.push_back(static_cast<std::int32_t>(it.row()));
        }
        starts.push_back(static_cast<std::int32_t>(values.size()));
    }
    out.begin_object("scipy.sparse.csc", "csc_matrix", new_object);
    out.text("format"), out.text("csc");
    out.text("_shape"), out.integer(kJointCount), out.integer(matrix.cols()), out.raw("\x86");
    out.text("indptr"), out.array({starts.size()}, "i4", starts);
    out.text("indices"), out.array({indices.size()}, "i4", indices);
    out.text("data"), out.array({values.size()}, "f8", values);
    out.text("maxprint"), out.integer(50);
    out.end_object();
}

} // namespace

Bytes mano_pickle(const HandModel& hand, const VecX& hands_mean, const ManoFileOptions& options) {
    const ManoData data = mano_data(hand, hands_mean);
    PickleWriter out;
    out.raw("}(");
    // weights in Fortran order: numpy keeps whichever order an array has.
    const MatX weights = Eigen::Map<const RowMajor>(
        data.weights.data(), std::ssize(data.weights) / kJointCount, kJointCount);
    const std::string_view columns(reinterpret_cast<const char*>(weights.data()),
                                   static_cast<std::size_t>(weights.size()) * sizeof(double));
    out.text("weights"), out.array({data.vertices, kJointCount}, "f8", columns, true);
    out.text("hands_components"), out.array({45, 45}, "f8", std::vector<double>(45 * 45));
    out.text("f"), out.array({data.faces, 3}, "u4", data.f);
    out.text("J_regressor"), write_regressor(out, data, options.new_object);
    out.text("kintree_table"), out.array({2, kJointCount}, "u4", data.kintree);
    out.text("J"), out.array({kJointCount, 3}, "f8", data.joints);
    out.text("hands_mean"), out.array({45}, "f8", data.hands_mean);
    out.text("posedirs"), out.array({data.vertices, 3, 135}, "f8", data.posedirs);
    out.text("bs_style"), out.text("lbs");
    out.text("v_template"), out.array({data.vertices, 3}, "f8", data.v_template);
    out.text("shapedirs"), write_shapedirs(out, data, options);
    out.text("bs_type"), out.text("lrotmin");
    out.raw("u");
    return out.finish();
}

void write_mano_npz(const std::filesystem::path& path,
                    const HandModel& hand,
                    const VecX& hands_mean) {
    const ManoData data = mano_data(hand, hands_mean);
    const auto numbers = [](std::vector<std::size_t> shape, const std::vector<double>& values) {
        return NpyOutput{{std::move(shape), values}, NpyType::Float64};
    };
    const auto integers = [](std::vector<std::size_t> shape,
                             const std::vector<std::uint32_t>& values) {
        return NpyOutput{
            {std::move(shape), std::vector<std::int64_t>(values.begin(), values.end())},
            NpyType::Int64};
    };
    write_npz(
        path,
        {{"v_template", numbers({data.vertices, 3}, data.v_template)},
         {"f", integers({data.faces, 3}, data.f)},
         {"weights", numbers({data.vertices, kJointCount}, data.weights)},
         {"J_regressor", numbers({kJointCount, data.vertices}, doubles(MatX(data.regressor)))},
         {"shapedirs", numbers({data.vertices, 3, data.shapes}, data.shapedirs)},
         {"posedirs", numbers({data.vertices, 3, 135}, data.posedirs)},
         {"kintree_table", integers({2, kJointCount}, data.kintree)},
         {"hands_mean", numbers({45}, data.hands_mean)}});
}

} // namespace rih
