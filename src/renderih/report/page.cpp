// SPDX-License-Identifier: Apache-2.0
#include "renderih/report/page.h"

#include "renderih/base/error.h"
#include "renderih/report/packing.h"

#include <nlohmann/json.hpp>

#include <algorithm>

// The page as it lies in web/page.html, a zero byte after it.
__asm__(".section .rodata\n"
        ".global renderih_report_page\n"
        ".hidden renderih_report_page\n"
        ".type renderih_report_page, @object\n"
        "renderih_report_page:\n"
        ".incbin \"" RIH_REPORT_PAGE "\"\n"
        ".byte 0\n"
        ".previous\n");
extern "C" const char renderih_report_page[];

namespace rih {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kHeadMark = "<!--HEAD-->", kBlocksMark = "<!--BLOCKS-->";
constexpr std::size_t kMostFindings = 200;

Json verified_json(const std::optional<VerifySummary>& verified) {
    if (!verified) {
        return nullptr;
    }
    Json json;
    json["checks"] = Json::array();
    for (const CheckCount& check : verified->checks) {
        json["checks"].push_back(
            {{"name", check.name}, {"count", check.records}, {"failed", check.failed}});
    }
    json["finding_count"] = verified->findings.size();
    json["findings"] = Json::array();
    for (std::size_t i = 0; i < std::min(verified->findings.size(), kMostFindings); ++i) {
        const Finding& finding = verified->findings[i];
        json["findings"].push_back(
            {{"file", finding.file}, {"key", finding.key}, {"what", finding.what}});
    }
    return json;
}

} // namespace

PageText page_text() {
    const std::string_view page(renderih_report_page);
    const auto head = page.find(kHeadMark), blocks = page.find(kBlocksMark);
    RIH_ASSERT(head != std::string_view::npos && blocks != std::string_view::npos && head < blocks,
               "the report's page has no place for its data");
    const auto after_head = head + kHeadMark.size();
    return {page.substr(0, head),
            page.substr(after_head, blocks - after_head),
            page.substr(blocks + kBlocksMark.size())};
}

std::string page_head(const PageFacts& facts) {
    const DatasetReader& reader = *facts.reader;
    const DatasetDescription& description = reader.description();
    Json head;
    head["title"] = std::filesystem::absolute(reader.dir() / "x")
                        .lexically_normal()
                        .parent_path()
                        .filename()
                        .string();
    head["live"] = facts.live;
    head["schema"] = kSchema;
    head["seed"] = description.plan.seed;
    head["generator"] = description.generator_version;
    head["records"] = facts.scan->rows.size();
    head["records_planned"] = reader.plan().record_count();
    head["unreadable"] = facts.scan->unreadable;
    head["poses"] = facts.scan->poses.size();
    head["draws"] = facts.scan->draws;
    head["vertex_step_m"] = kVertexStep;
    head["verified"] = verified_json(facts.verified);
    head["licences"] = Json::array();
    for (const AssetLicence& licence : description.licences) {
        head["licences"].push_back({licence.asset, licence.licence, licence.source});
    }
    head["configuration"] = Json::parse(description.configuration_json);
    head["distributions"] = Json::array();
    for (const Distribution& distribution : row_distributions(facts.scan->rows)) {
        head["distributions"].push_back(to_json(distribution));
    }
    for (const Distribution& distribution : angle_distributions(facts.scan->poses)) {
        head["distributions"].push_back(to_json(distribution));
    }
    head["columns"] = columns_json(facts.rows);
    return script_safe(head.dump(-1, ' ', false, Json::error_handler_t::replace));
}

std::string data_block(std::string_view id, std::string_view text) {
    return fmt::format("<script type=\"text/plain\" id=\"{}\">{}</script>\n", id, text);
}

std::string script_safe(std::string json) {
    const auto count = static_cast<std::size_t>(std::ranges::count(json, '<'));
    if (count == 0) {
        return json;
    }
    std::string safe;
    safe.reserve(json.size() + 5 * count);
    for (const char c : json) {
        if (c == '<') {
            safe += "\\u003c";
        } else {
            safe += c;
        }
    }
    return safe;
}

} // namespace rih
