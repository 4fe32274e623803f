// SPDX-License-Identifier: Apache-2.0
// docs/configuration.md names every option with its default.
#include "renderih/base/file.h"
#include "renderih/pipeline/generate_options.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <map>
#include <sstream>

namespace rih {
namespace {

using Json = nlohmann::json;

/// The pieces of a table's cell between back quotes.
std::vector<std::string> quoted(const std::string& cell) {
    std::vector<std::string> pieces;
    std::istringstream stream(cell);
    std::string piece;
    for (bool inside = false; std::getline(stream, piece, '`'); inside = !inside) {
        if (inside) {
            pieces.push_back(piece);
        }
    }
    return pieces;
}

/// name -> default, from rows "| `a`, `b` | `1`, `2` | meaning |".
std::map<std::string, Json> documented() {
    std::istringstream text(read_text_file(
        std::filesystem::path(RIH_SOURCE_DIR) / "docs" / "configuration.md", 1 << 20));
    std::map<std::string, Json> options;
    for (std::string line; std::getline(text, line);) {
        if (!line.starts_with("| `")) {
            continue;
        }
        const std::size_t second = line.find('|', 1), third = line.find('|', second + 1);
        const auto names = quoted(line.substr(0, second));
        const auto defaults = quoted(line.substr(second, third - second));
        EXPECT_EQ(names.size(), defaults.size()) << line;
        for (std::size_t i = 0; i < std::min(names.size(), defaults.size()); ++i) {
            EXPECT_TRUE(options.emplace(names[i], Json::parse(defaults[i])).second) << line;
        }
    }
    return options;
}

TEST(ConfigurationDoc, NamesEveryOptionWithItsDefault) {
    std::map<std::string, Json> options;
    const Json defaults = Json::parse(GenerateOptions{}.to_json());
    for (const auto& [name, value] : defaults.items()) {
        if (!value.is_object()) {
            options[name] = value;
            continue;
        }
        for (const auto& [inner, inner_value] : value.items()) {
            options[name + "." + inner] = inner_value;
        }
    }
    EXPECT_GT(options.size(), 40u);
    const std::map<std::string, Json> in_doc = documented();
    for (const auto& [name, value] : options) {
        ASSERT_TRUE(in_doc.contains(name)) << name;
        EXPECT_EQ(in_doc.at(name), value) << name;
    }
    for (const auto& [name, value] : in_doc) {
        EXPECT_TRUE(options.contains(name)) << name << " is no option";
    }
}

} // namespace
} // namespace rih
