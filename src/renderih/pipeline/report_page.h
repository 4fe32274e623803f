// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace rih {

/// report_page.html; its mark "/*DATA*/" is replaced by the report's JSON.
extern const std::string_view kReportPage;

} // namespace rih
