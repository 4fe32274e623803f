// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/log/csv_log.h"

#include "renderih/base/error.h"
#include "renderih/base/file.h"

#include <fmt/ranges.h>

#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <memory>

namespace rih::learn {

CsvLog::CsvLog(std::filesystem::path path,
               std::vector<std::string> columns,
               std::uint64_t last_step)
    : path_(std::move(path)), columns_(columns.size()) {
    std::string kept = fmt::format("{}\n", fmt::join(columns, ","));
    if (last_step > 0 && std::filesystem::exists(path_)) {
        const std::string text = read_text_file(path_, std::uint64_t{1} << 30);
        RIH_REQUIRE(text.starts_with(kept),
                    "{}: has other columns than this version writes; move it away",
                    path_.string());
        for (std::size_t begin = kept.size(); begin < text.size();) {
            const std::size_t end = text.find('\n', begin);
            if (end == text.npos) {
                break; // what a crash left of a row
            }
            std::uint64_t step = 0;
            const auto read = std::from_chars(text.data() + begin, text.data() + end, step);
            RIH_REQUIRE(read.ec == std::errc() && *read.ptr == ',',
                        "{}: a row does not begin with a step",
                        path_.string());
            if (step <= last_step) {
                kept.append(text, begin, end + 1 - begin);
            }
            begin = end + 1;
        }
    }
    write_file_atomically(path_, kept);
}

void CsvLog::row(std::uint64_t step, const std::vector<std::string>& cells) {
    RIH_ASSERT(cells.size() + 1 == columns_, "{} cells", cells.size());
    const std::string text = fmt::format("{},{}\n", step, fmt::join(cells, ","));
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path_.c_str(), "ab"),
                                                               std::fclose);
    RIH_REQUIRE(file && std::fwrite(text.data(), 1, text.size(), file.get()) == text.size() &&
                    std::fflush(file.get()) == 0,
                "{}: cannot write: {}",
                path_.string(),
                std::strerror(errno));
}

std::string CsvLog::cell(double number) {
    return std::isnan(number) ? std::string() : fmt::format("{}", number);
}

} // namespace rih::learn
