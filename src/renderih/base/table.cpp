// SPDX-License-Identifier: Apache-2.0
#include "renderih/base/table.h"

#include "renderih/base/error.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace rih {

namespace {

std::string csv_field(const std::string& text) {
    if (text.find_first_of(",\"\r\n") == std::string::npos) {
        return text;
    }
    std::string quoted = "\"";
    for (const char c : text) {
        quoted += c;
        if (c == '"') {
            quoted += c;
        }
    }
    return quoted + "\"";
}

void check(const Table& table) {
    for (const auto& row : table.rows) {
        RIH_ASSERT(row.size() == table.columns.size(),
                   "a row of {} in a table of {} columns",
                   row.size(),
                   table.columns.size());
    }
}

} // namespace

std::string Table::csv() const {
    check(*this);
    std::string text;
    const auto add = [&](const std::vector<std::string>& row) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            if (i > 0) {
                text += ',';
            }
            text += csv_field(row[i]);
        }
        text += "\r\n";
    };
    add(columns);
    for (const auto& row : rows) {
        add(row);
    }
    return text;
}

std::string Table::markdown() const {
    check(*this);
    std::string text;
    const auto add = [&](const std::vector<std::string>& row) {
        text += "|";
        for (const std::string& field : row) {
            text += " " + field + " |";
        }
        text += "\n";
    };
    add(columns);
    for (std::size_t i = 0; i < columns.size(); ++i) {
        text += i == 0 ? "|---|" : "---:|";
    }
    text += "\n";
    for (const auto& row : rows) {
        add(row);
    }
    return text;
}

std::string figure(double value, int digits) {
    return std::isfinite(value) ? fmt::format("{:.{}f}", value, digits) : "-";
}

double mean_of(const std::vector<double>& values) {
    return values.empty() ? std::numeric_limits<double>::quiet_NaN()
                          : std::accumulate(values.begin(), values.end(), 0.0) /
                                static_cast<double>(values.size());
}

double quantile_of(std::vector<double> values, double share) {
    if (values.empty()) {
        return std::numeric_limits<double>::quiet_NaN();
    }
    std::sort(values.begin(), values.end());
    const double at = share * static_cast<double>(values.size() - 1);
    const auto low = static_cast<std::size_t>(at);
    const std::size_t high = std::min(low + 1, values.size() - 1);
    return values[low] + (at - static_cast<double>(low)) * (values[high] - values[low]);
}

} // namespace rih
