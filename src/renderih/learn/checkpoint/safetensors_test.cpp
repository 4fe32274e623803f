// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/checkpoint/safetensors.h"

#include "renderih/base/error.h"
#include "renderih/base/temp_folder.h"
#include "renderih/base/testing/mutate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

namespace rih::learn {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

template <typename T>
TensorView view_of(TensorType type, std::vector<std::int64_t> shape, const std::vector<T>& values) {
    return {type,
            std::move(shape),
            {reinterpret_cast<const std::uint8_t*>(values.data()), values.size() * sizeof(T)}};
}

Bytes file_of(const std::string& header, std::size_t data) {
    Bytes bytes(8 + header.size() + data);
    const std::uint64_t size = header.size();
    std::memcpy(bytes.data(), &size, 8);
    std::memcpy(bytes.data() + 8, header.data(), header.size());
    return bytes;
}

TEST(Safetensors, ReadsWhatItWrote) {
    const TempFolder folder;
    const auto path = folder.path() / "a.safetensors";
    const std::vector<float> weights{1, 2, 3, 4, 5, 6};
    const std::vector<std::uint8_t> state{7, 8, 9};
    const std::vector<std::int64_t> steps{41};
    write_safetensors(path,
                      {{"weights", view_of(TensorType::F32, {2, 3}, weights)},
                       {"state", view_of(TensorType::U8, {3}, state)},
                       {"empty", view_of(TensorType::F32, {0, 4}, std::vector<float>{})},
                       {"step", view_of(TensorType::I64, {}, steps)}},
                      {{"format", "x \"quoted\"\n"}});
    const Safetensors file = Safetensors::read(path);
    EXPECT_EQ(file.metadata("format"), "x \"quoted\"\n");
    EXPECT_EQ(file.tensors().size(), 4u);
    const TensorView& read = file.tensor("weights");
    EXPECT_EQ(read.shape, (std::vector<std::int64_t>{2, 3}));
    EXPECT_EQ(std::memcmp(read.bytes.data(), weights.data(), 24), 0);
    EXPECT_EQ(file.tensor("state").bytes[2], 9);
    EXPECT_EQ(file.tensor("step").bytes[0], 41);
    EXPECT_TRUE(file.tensor("empty").bytes.empty());
    EXPECT_THROW(file.tensor("other"), UserError);
    EXPECT_THROW(file.metadata("other"), UserError);
    // Values of eight bytes lie on addresses of eight bytes: the header is padded, they come first.
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(file.tensor("step").bytes.data()) % 8, 0u);
}

TEST(Safetensors, RefusesWhatDoesNotAgree) {
    const auto complaint = [](const std::string& header, std::size_t data) {
        try {
            Safetensors::parse(file_of(header, data), "f");
        } catch (const UserError& error) {
            return std::string(error.what());
        }
        return std::string("none");
    };
    EXPECT_EQ(complaint(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", 8), "none");
    EXPECT_THAT(complaint(R"({"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}})", 8),
                HasSubstr("do not agree"));
    EXPECT_THAT(complaint(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", 12),
                HasSubstr("after the last"));
    EXPECT_THAT(complaint(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", 4),
                HasSubstr("a"));
    EXPECT_THAT(complaint(R"({"a":{"dtype":"Q4","shape":[2],"data_offsets":[0,8]}})", 8),
                HasSubstr("Q4"));
    EXPECT_THAT(complaint(R"({"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]},)"
                          R"("b":{"dtype":"U8","shape":[8],"data_offsets":[4,12]}})",
                          12),
                HasSubstr("overlap"));
    // An extent whose product wraps around 2^64.
    EXPECT_THAT(complaint(R"({"a":{"dtype":"U8","shape":[1099511627776,1099511627776],)"
                          R"("data_offsets":[0,0]}})",
                          0),
                HasSubstr("larger than the file"));
    EXPECT_THAT(complaint("[]", 0), HasSubstr("f"));
    Bytes claims = file_of("{}", 0);
    claims[7] = 0x7f; // a header of 2^63 bytes
    EXPECT_THAT([&] { Safetensors::parse(claims, "f"); },
                ThrowsMessage<UserError>(HasSubstr("claims a header")));
}

TEST(Safetensors, DamagedFilesAreRefusedOrRead) {
    const TempFolder folder;
    const auto path = folder.path() / "a.safetensors";
    const std::vector<float> weights(100, 1.5f);
    write_safetensors(path,
                      {{"layer.weight", view_of(TensorType::F32, {10, 10}, weights)},
                       {"layer.bias", view_of(TensorType::F32, {100}, weights)}},
                      {{"format", "renderih"}});
    const Bytes whole = read_file(path, 1 << 20);
    int refused = 0;
    for (std::uint64_t i = 0; i < 2000; ++i) {
        try {
            const Safetensors file = Safetensors::parse(mutate(whole, i), "damaged");
            for (const auto& [name, tensor] : file.tensors()) {
                std::size_t sum = 0;
                for (const std::uint8_t byte : tensor.bytes) {
                    sum += byte;
                }
                EXPECT_LE(sum, 255u * tensor.bytes.size());
            }
        } catch (const UserError&) {
            ++refused;
        }
    }
    EXPECT_GT(refused, 1000);
}

} // namespace
} // namespace rih::learn
