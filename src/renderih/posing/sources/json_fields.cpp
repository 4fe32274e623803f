// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/sources/json_fields.h"

#include "renderih/base/error.h"
#include "renderih/base/file.h"

#include <nlohmann/json.hpp>

#include <cmath>

namespace rih {

bool JsonField::has(const std::string& key) const {
    return value_->is_object() && value_->contains(key);
}

bool JsonField::is_list() const {
    return value_->is_array();
}

JsonField JsonField::at(const std::string& key) const {
    RIH_REQUIRE(value_->is_object(), "{} is no object", where_);
    const auto found = value_->find(key);
    RIH_REQUIRE(found != value_->end(), "{} lacks \"{}\"", where_, key);
    return {*found, where_ + "." + key};
}

std::vector<JsonField> JsonField::list(std::size_t least, std::size_t most) const {
    RIH_REQUIRE(value_->is_array(), "{} is no list", where_);
    RIH_REQUIRE(value_->size() >= least && value_->size() <= most,
                "{} has {} elements, not {} to {}",
                where_,
                value_->size(),
                least,
                most);
    std::vector<JsonField> elements;
    elements.reserve(value_->size());
    for (std::size_t i = 0; i < value_->size(); ++i) {
        elements.emplace_back((*value_)[i], fmt::format("{}[{}]", where_, i));
    }
    return elements;
}

std::string JsonField::text() const {
    RIH_REQUIRE(value_->is_string(), "{} is no text", where_);
    std::string text = value_->get<std::string>();
    RIH_REQUIRE(!text.empty() && text.size() <= 4096,
                "{} has {} bytes of text, not 1 to 4096",
                where_,
                text.size());
    return text;
}

bool JsonField::boolean() const {
    RIH_REQUIRE(value_->is_boolean(), "{} is neither true nor false", where_);
    return value_->get<bool>();
}

double JsonField::number(double low, double high) const {
    RIH_REQUIRE(value_->is_number(), "{} is no number", where_);
    const double number = value_->get<double>();
    RIH_REQUIRE(std::isfinite(number) && number >= low && number <= high,
                "{} is {}, not within [{}, {}]",
                where_,
                number,
                low,
                high);
    return number;
}

std::vector<double> JsonField::numbers(std::size_t count, double low, double high) const {
    std::vector<double> result;
    for (const JsonField& element : list(count, count)) {
        result.push_back(element.number(low, high));
    }
    return result;
}

Vec3 JsonField::vector(double low, double high) const {
    const std::vector<double> v = numbers(3, low, high);
    return {v[0], v[1], v[2]};
}

Vec3 JsonField::direction() const {
    const Vec3 v = vector(-1e3, 1e3);
    RIH_REQUIRE(v.norm() > 1e-6, "{} has no direction: it is zero", where_);
    return v.normalized();
}

nlohmann::json read_json_file(const std::filesystem::path& path, std::uint64_t max_bytes) {
    const std::string text = read_text_file(path, max_bytes);
    try {
        return nlohmann::json::parse(text);
    } catch (const nlohmann::json::parse_error& error) {
        throw_user_error("{} is no JSON: syntax error at byte {}", path.string(), error.byte);
    } catch (const nlohmann::json::exception& error) {
        throw_user_error("{} is no JSON that can be read: {}", path.string(), error.what());
    }
}

} // namespace rih
