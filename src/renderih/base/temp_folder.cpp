// SPDX-License-Identifier: Apache-2.0
#include "renderih/base/temp_folder.h"

#include "renderih/base/error.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace rih {

TempFolder::TempFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "renderih-XXXXXX").string();
    RIH_REQUIRE(::mkdtemp(name.data()) != nullptr,
                "{}: cannot make a temporary folder: {}",
                name,
                std::strerror(errno));
    path_ = name;
}

TempFolder::~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

} // namespace rih
