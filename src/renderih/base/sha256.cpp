// SPDX-License-Identifier: Apache-2.0
#include "renderih/base/sha256.h"

#include "renderih/base/error.h"
#include "renderih/base/file.h"

#include <openssl/evp.h>

#include <array>

namespace rih {

struct Sha256::State {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    ~State() { EVP_MD_CTX_free(context); }
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
    const bool ready = state_->context != nullptr &&
                       EVP_DigestInit_ex(state_->context, EVP_sha256(), nullptr) == 1;
    RIH_ASSERT(ready, "cannot start a SHA-256 digest");
}

Sha256::~Sha256() = default;

void Sha256::update(std::span<const std::uint8_t> bytes) {
    RIH_ASSERT(EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()) == 1,
               "cannot update a SHA-256 digest");
}

std::string Sha256::finish() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    RIH_ASSERT(EVP_DigestFinal_ex(state_->context, digest.data(), &size) == 1 && size == 32,
               "cannot finish a SHA-256 digest");
    std::string hex;
    for (unsigned i = 0; i < size; ++i) {
        hex += fmt::format("{:02x}", digest[i]);
    }
    return hex;
}

std::string sha256_hex(std::span<const std::uint8_t> bytes) {
    Sha256 digest;
    digest.update(bytes);
    return digest.finish();
}

std::string sha256_hex(std::string_view text) {
    return sha256_hex(as_bytes(text));
}

std::string sha256_of_file(const std::filesystem::path& path) {
    std::uint64_t size = 0;
    const FileDescriptor file = open_plain_file(path, size);
    Sha256 digest;
    Bytes buffer(1 << 16);
    while (const std::size_t count = read_some(file, buffer, path)) {
        digest.update(std::span(buffer).first(count));
    }
    return digest.finish();
}

} // namespace rih
