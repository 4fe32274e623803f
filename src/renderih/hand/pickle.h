// SPDX-License-Identifier: Apache-2.0
// Python's pickles (protocols 0 to 5) parsed as data. A pickle is a program for a stack machine
// that may call anything; here nothing is ever called: classes come from a fixed list of names, and
// an object is a record of its class, its arguments and its state. Memory is bounded: texts stay in
// the input, or are decoded to at most twice their bytes, and values, references and memo
// entries are counted.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rih {

/// A node of the parsed value; nodes refer to each other by their place in Pickle::nodes (shared
/// and even circular references are possible, so readers bound their depth).
struct PickleNode {
    enum class Kind { None, Bool, Int, Float, Text, Tuple, List, Dict, Class, Object };
    Kind kind = Kind::None;
    std::int64_t integer = 0;              // Bool, Int
    double number = 0;                     // Float
    std::span<const std::uint8_t> bytes{}; // Text: bytes or UTF-8, in the input or Pickle::texts
    std::vector<int> items{};              // Tuple, List; Dict: key, value, key, ...
    std::string_view name{};               // Class, Object: "module.class", from the list
    int arguments = -1;                    // Object: node of the tuple it was made with, -1 none
    int state = -1;                        // Object: node of what BUILD gave it, -1 none
};

struct Pickle {
    std::vector<PickleNode> nodes;
    int root = 0;
    std::deque<std::vector<std::uint8_t>> texts; // decoded; a deque leaves its elements in place

    Pickle() = default;
    Pickle(Pickle&&) = default; // nodes refer to texts, so a copy would refer to the original's
    Pickle& operator=(Pickle&&) = default;

    const PickleNode& operator[](int node) const { return nodes[static_cast<std::size_t>(node)]; }
    /// The value under a text key of a Dict node.
    std::optional<int> find(int dict, std::string_view key) const;
};

/// Parses `input`, which must outlive the result. `where` names the file in messages. Throws
/// UserError for damage, for instructions that no array file needs, and for classes outside the
/// list, by name.
Pickle parse_pickle(std::span<const std::uint8_t> input, const std::string& where);

} // namespace rih
