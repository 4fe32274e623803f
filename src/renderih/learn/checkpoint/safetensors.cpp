// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/checkpoint/safetensors.h"

#include "renderih/base/atomic_file.h"
#include "renderih/base/error.h"
#include "renderih/base/json_fields.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdio>
#include <cstring>
#include <memory>

namespace rih::learn {

namespace {

static_assert(std::endian::native == std::endian::little, "values are written as they lie");

struct TypeRow {
    TensorType type;
    std::string_view name;
    std::size_t bytes;
};
constexpr std::array<TypeRow, 7> kTypes{{{TensorType::F32, "F32", 4},
                                         {TensorType::F64, "F64", 8},
                                         {TensorType::F16, "F16", 2},
                                         {TensorType::Bf16, "BF16", 2},
                                         {TensorType::I64, "I64", 8},
                                         {TensorType::I32, "I32", 4},
                                         {TensorType::U8, "U8", 1}}};
constexpr std::size_t kMaxTensors = 5000;
constexpr std::uint64_t kMaxHeader = std::uint64_t{8} << 20;

TensorType type_of(const JsonValue& value) {
    const std::string name = value.text(8);
    for (const TypeRow& row : kTypes) {
        if (row.name == name) {
            return row.type;
        }
    }
    value.fail(fmt::format("the type \"{}\" is not supported", name));
}

TensorView read_entry(const JsonValue& value, std::span<const std::uint8_t> data) {
    JsonObject fields(value);
    TensorView tensor;
    tensor.type = type_of(fields.at("dtype"));
    std::uint64_t values = 1;
    for (const JsonValue& extent : fields.at("shape").elements(0, 8)) {
        tensor.shape.push_back(extent.integer(0, std::int64_t{1} << 40));
        const auto factor = static_cast<std::uint64_t>(tensor.shape.back());
        if (factor != 0 && values > data.size() / factor) {
            extent.fail("the array is larger than the file");
        }
        values *= factor;
    }
    const std::vector<JsonValue> offsets = fields.at("data_offsets").elements(2);
    const std::uint64_t begin = offsets[0].unsigned_integer(data.size());
    const std::uint64_t end = offsets[1].unsigned_integer(data.size());
    if (begin > end || end - begin != values * bytes_of(tensor.type)) {
        value.fail("its shape and its place in the file do not agree");
    }
    fields.finish();
    tensor.bytes = data.subspan(begin, end - begin);
    return tensor;
}

} // namespace

std::size_t bytes_of(TensorType type) {
    return std::find_if(
               kTypes.begin(), kTypes.end(), [&](const TypeRow& row) { return row.type == type; })
        ->bytes;
}

std::string_view name_of(TensorType type) {
    return std::find_if(
               kTypes.begin(), kTypes.end(), [&](const TypeRow& row) { return row.type == type; })
        ->name;
}

Safetensors Safetensors::parse(Bytes bytes, const std::string& what) {
    Safetensors file;
    file.what_ = what;
    file.bytes_ = std::move(bytes);
    const std::span<const std::uint8_t> all = file.bytes_;
    RIH_REQUIRE(all.size() >= 8, "{}: no safetensors file: {} bytes", what, all.size());
    std::uint64_t header_size = 0;
    std::memcpy(&header_size, all.data(), 8);
    RIH_REQUIRE(header_size <= std::min<std::uint64_t>(kMaxHeader, all.size() - 8),
                "{}: no safetensors file, or cut off: it claims a header of {} bytes",
                what,
                header_size);
    const std::string_view header(reinterpret_cast<const char*>(all.data()) + 8, header_size);
    const std::span<const std::uint8_t> data = all.subspan(8 + header_size);
    const OrderedJson json = parse_json(
        header, what, {.max_bytes = kMaxHeader, .max_depth = 4, .max_keys = kMaxTensors});
    const JsonValue root(json, what);
    JsonObject fields(root);
    for (const std::string& name : fields.names(kMaxTensors)) {
        if (name == "__metadata__") {
            JsonObject metadata = fields.object(name);
            for (const std::string& key : metadata.names(1000)) {
                // Any text is legal here: it is checked where it is used.
                const OrderedJson& value = metadata.at(key).json();
                RIH_REQUIRE(value.is_string(), "{}: __metadata__: must hold texts", what);
                file.metadata_[key] = value.get<std::string>();
            }
        } else {
            file.tensors_[name] = read_entry(fields.at(name), data);
        }
    }
    // Arrays fill the file without a gap or an overlap, as the format demands.
    std::vector<std::span<const std::uint8_t>> places;
    for (const auto& [name, tensor] : file.tensors_) {
        places.push_back(tensor.bytes);
    }
    std::sort(places.begin(), places.end(), [](const auto& a, const auto& b) {
        return std::pair(a.data(), a.size()) < std::pair(b.data(), b.size());
    });
    const std::uint8_t* next = data.data();
    for (const std::span<const std::uint8_t> place : places) {
        RIH_REQUIRE(place.data() == next, "{}: arrays overlap or leave gaps", what);
        next += place.size();
    }
    RIH_REQUIRE(next == data.data() + data.size(), "{}: bytes after the last array", what);
    return file;
}

Safetensors Safetensors::read(const std::filesystem::path& path, std::uint64_t max_bytes) {
    return parse(read_file(path, max_bytes), path.string());
}

const TensorView& Safetensors::tensor(const std::string& name) const {
    const auto found = tensors_.find(name);
    RIH_REQUIRE(found != tensors_.end(), "{}: has no array \"{}\"", what_, name);
    return found->second;
}

const std::string& Safetensors::metadata(const std::string& name) const {
    const auto found = metadata_.find(name);
    RIH_REQUIRE(found != metadata_.end(), "{}: its header says no \"{}\"", what_, name);
    return found->second;
}

void write_safetensors(const std::filesystem::path& path,
                       const std::map<std::string, TensorView>& tensors,
                       const std::map<std::string, std::string>& metadata) {
    std::vector<const std::pair<const std::string, TensorView>*> order;
    for (const auto& entry : tensors) {
        order.push_back(&entry);
    }
    std::stable_sort(order.begin(), order.end(), [](const auto* a, const auto* b) {
        return bytes_of(a->second.type) > bytes_of(b->second.type);
    });
    nlohmann::ordered_json header;
    if (!metadata.empty()) {
        header["__metadata__"] = metadata;
    }
    std::uint64_t offset = 0;
    for (const auto* entry : order) {
        const auto& [name, tensor] = *entry;
        std::uint64_t values = 1;
        for (const std::int64_t extent : tensor.shape) {
            values *= static_cast<std::uint64_t>(extent);
        }
        RIH_ASSERT(values * bytes_of(tensor.type) == tensor.bytes.size(), "extents of {}", name);
        header[name] = {{"dtype", name_of(tensor.type)},
                        {"shape", tensor.shape},
                        {"data_offsets", {offset, offset + tensor.bytes.size()}}};
        offset += tensor.bytes.size();
    }
    std::string text = header.is_null() ? "{}" : header.dump();
    text.resize((text.size() + 7) / 8 * 8, ' ');
    const std::uint64_t size = text.size();

    AtomicFile file(path);
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> out(
        std::fopen(file.temporary().c_str(), "wb"), std::fclose);
    if (!out) {
        file.fail("write");
    }
    const auto write = [&](const void* bytes, std::size_t count) {
        if (count > 0 && std::fwrite(bytes, 1, count, out.get()) != count) {
            file.fail("write");
        }
    };
    write(&size, sizeof size);
    write(text.data(), text.size());
    for (const auto* entry : order) {
        write(entry->second.bytes.data(), entry->second.bytes.size());
    }
    if (std::fflush(out.get()) != 0) {
        file.fail("write");
    }
    file.commit();
}

} // namespace rih::learn
