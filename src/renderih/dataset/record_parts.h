// SPDX-License-Identifier: Apache-2.0
// Parts of a record's JSON that generated and converted records share. For the files record*.cpp
// and converted_record.cpp alone.
#pragma once

#include "renderih/base/error.h"
#include "renderih/base/json_fields.h"
#include "renderih/dataset/json_writer.h"
#include "renderih/dataset/record.h"

namespace rih {

inline constexpr std::array<const char*, 2> kHandNames = {"right", "left"};

template <int N>
void write_vec(JsonWriter& out, const Eigen::Matrix<double, N, 1>& v) {
    out.begin_array();
    for (Eigen::Index i = 0; i < v.size(); ++i) {
        out.value(v[i]);
    }
    out.end_array();
}

template <typename Vecs>
void write_vecs(JsonWriter& out, const char* name, const Vecs& vecs) {
    out.key(name);
    out.begin_array();
    for (const auto& v : vecs) {
        write_vec(out, v);
    }
    out.end_array();
}

template <int N>
void write_vec(JsonWriter& out, const char* name, const Eigen::Matrix<double, N, 1>& v) {
    out.key(name);
    write_vec(out, v);
}

template <int N>
Eigen::Matrix<double, N, 1> read_vec(const JsonValue& value) {
    const auto elements = value.elements(N);
    Eigen::Matrix<double, N, 1> v;
    for (int i = 0; i < N; ++i) {
        v[i] = elements[static_cast<std::size_t>(i)].number();
    }
    return v;
}

template <int N, std::size_t Count>
void read_vecs(const JsonValue& value, std::array<Eigen::Matrix<double, N, 1>, Count>& vecs) {
    const auto elements = value.elements(Count);
    for (std::size_t i = 0; i < Count; ++i) {
        vecs[i] = read_vec<N>(elements[i]);
    }
}

/// The picture's size.
void write_image(JsonWriter& out, const Camera& camera);
void read_image(JsonObject fields, Camera& camera);
/// fx, fy, cx, cy and cam_from_world, within the object of the camera.
void write_pinhole(JsonWriter& out, const Camera& camera);
void read_pinhole(JsonObject& fields, Camera& camera);
VecX read_shape(const JsonValue& value);

/// Everything after the split of a record of another's data set.
void write_converted_fields(JsonWriter& out, const Record& record);
void read_converted_fields(JsonObject& fields, Record& record);
/// The same in its flat row.
void write_converted_columns(JsonWriter& out, const Record& record);

} // namespace rih
