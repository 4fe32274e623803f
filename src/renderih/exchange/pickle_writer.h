// SPDX-License-Identifier: Apache-2.0
// Writes Python pickles (protocol 3) of plain values: None, truth, numbers, text, lists, dicts and
// numpy arrays. For formats whose loaders take nothing else; numpy alone is needed to read them.
#pragma once

#include "renderih/base/npz.h"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace rih {

class PickleWriter {
  public:
    PickleWriter();

    void none();
    void value(bool truth);
    void value(std::int64_t number); ///< within 32 bits
    void value(double number);
    void value(std::string_view text);
    void value(const char* text) { value(std::string_view(text)); }

    void begin_list();
    void end_list();
    /// Between them key and value in turns.
    void begin_dict();
    void end_dict();
    void key(std::string_view name) { value(name); }

    /// `values` in row-major order, stored as float64 or float32.
    void array(const std::vector<std::size_t>& shape,
               std::span<const double> values,
               NpyType type = NpyType::Float32);

    /// What stands between them becomes the one element of an array without axes, as numpy.save()
    /// makes of a dict.
    void begin_object_array();
    void end_object_array();

    Bytes take();

  private:
    void raw(std::string_view bytes);
    template <typename T>
    void number(T value);
    void begin_array_state(const std::vector<std::size_t>& shape);
    void dtype(std::string_view name, std::string_view order, int flags);

    Bytes bytes_;
};

/// A .npy file that holds one pickled object, which begin_object_array() and end_object_array()
/// enclose.
Bytes npy_of_object(const Bytes& pickle);

} // namespace rih
