// SPDX-License-Identifier: Apache-2.0
#include "renderih/exchange/text_file.h"

#include "renderih/base/error.h"

#include <cerrno>
#include <cstring>

namespace rih {

TextFile::TextFile(std::filesystem::path path)
    : path_(std::move(path)), file_(std::fopen(path_.c_str(), "wb")) {
    if (!file_) {
        fail();
    }
}

void TextFile::write(std::string_view text) {
    if (std::fwrite(text.data(), 1, text.size(), file_.get()) != text.size()) {
        fail();
    }
}

void TextFile::element(std::string_view text) {
    if (!is_first_) {
        write(",\n");
    }
    is_first_ = false;
    write(text);
}

void TextFile::close() {
    if (std::fclose(file_.release()) != 0) {
        fail();
    }
}

void TextFile::fail() const {
    throw UserError(fmt::format("{}: cannot write: {}", path_.string(), std::strerror(errno)));
}

} // namespace rih
