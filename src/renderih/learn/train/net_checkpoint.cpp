// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/train/net_checkpoint.h"

#include "renderih/base/error.h"
#include "renderih/base/sha256.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/isfinite.h>

#include <charconv>
#include <functional>

namespace rih::learn {

namespace {

constexpr const char* kFormat = "renderih network 3";
const std::string kNet = "net.", kFirst = "adam.first.", kSecond = "adam.second.";
const std::string kRandom = "random.torch";

TensorType type_of(const at::Tensor& tensor) {
    switch (tensor.scalar_type()) {
    case at::kFloat:
        return TensorType::F32;
    case at::kLong:
        return TensorType::I64;
    case at::kByte:
        return TensorType::U8;
    default:
        RIH_ASSERT(false, "no checkpoint holds tensors of this type");
    }
}

at::Generator generator() {
    return at::detail::getDefaultCPUGenerator();
}

/// Tensors by name, kept alive in row-major order while they are written.
class Writer {
  public:
    void add(const std::string& name, const at::Tensor& tensor) {
        kept_.push_back(tensor.detach().to(at::kCPU).contiguous());
        const at::Tensor& flat = kept_.back();
        views_[name] = {type_of(flat),
                        flat.sizes().vec(),
                        {static_cast<const std::uint8_t*>(flat.const_data_ptr()), flat.nbytes()}};
    }
    const std::map<std::string, TensorView>& views() const { return views_; }

  private:
    std::vector<at::Tensor> kept_;
    std::map<std::string, TensorView> views_;
};

/// Copies an array of the file into a tensor of the same shape and type.
void read_into(const Safetensors& file, const std::string& name, const at::Tensor& tensor) {
    const TensorView& view = file.tensor(name);
    RIH_REQUIRE(view.shape == tensor.sizes().vec() && view.type == type_of(tensor),
                "{}: {} has another shape or type than this network's",
                file.what(),
                name);
    // from_blob wants a pointer that may be written through; it is only read.
    const at::Tensor values = at::from_blob(
        const_cast<std::uint8_t*>(view.bytes.data()), tensor.sizes(), tensor.scalar_type());
    RIH_REQUIRE(!values.is_floating_point() || at::isfinite(values).all().item<bool>(),
                "{}: {} holds numbers that are not finite",
                file.what(),
                name);
    const at::NoGradGuard no_grad;
    at::Tensor(tensor).copy_(values);
}

/// Calls f(name, tensor) for all that training changes: weights and running statistics. Buffers
/// that follow from the hand model are no part of it.
void for_each_state(const HandNet& net,
                    const std::function<void(const std::string&, const at::Tensor&)>& f) {
    for (const auto& parameter : net.named_parameters()) {
        f(parameter.key(), parameter.value());
    }
    for (const auto& buffer : net.named_buffers()) {
        if (buffer.key().find("running_") != std::string::npos ||
            buffer.key().ends_with("num_batches_tracked")) {
            f(buffer.key(), buffer.value());
        }
    }
}

double number_of(const Safetensors& file, const std::string& name) {
    const std::string& text = file.metadata(name);
    double value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    RIH_REQUIRE(read.ec == std::errc() && read.ptr == text.data() + text.size() && value >= 0,
                "{}: {} is no number from 0 on",
                file.what(),
                name);
    return value;
}

std::string trees_hash(const HandsGeometry& geometry) {
    return sha256_hex(hash_of(geometry.hands[0].hierarchy) + hash_of(geometry.hands[1].hierarchy));
}

} // namespace

void set_hands(CheckpointInfo& info, const HandsGeometry& geometry) {
    info.hands_sha256 = geometry.sha256;
    info.trees_sha256 = trees_hash(geometry);
    info.hand_names = geometry.names;
}

void save_checkpoint(const std::filesystem::path& path,
                     const HandNet& net,
                     const Adam* adam,
                     const CheckpointInfo& info) {
    Writer writer;
    for_each_state(net, [&](const std::string& name, const at::Tensor& tensor) {
        RIH_REQUIRE(
            !tensor.is_floating_point() || at::isfinite(tensor).all().item<bool>(),
            "step {}: the weights {} are not finite; {} stays as it was: go on from it with "
            "a lower learning_rate or with clip_norm",
            info.step,
            name,
            path.string());
        writer.add(kNet + name, tensor);
    });
    if (adam != nullptr) {
        std::size_t i = 0;
        for (const auto& parameter : net.named_parameters()) {
            writer.add(kFirst + parameter.key(), adam->first_moments()[i]);
            writer.add(kSecond + parameter.key(), adam->second_moments()[i]);
            ++i;
        }
        writer.add(kRandom, generator().get_state());
    }
    write_safetensors(path,
                      writer.views(),
                      {{"format", kFormat},
                       {"options", info.options.to_json()},
                       {"step", fmt::format("{}", info.step)},
                       {"seconds", fmt::format("{}", info.seconds)},
                       {"best_mpjpe_mm", fmt::format("{}", info.best_mpjpe_mm)},
                       {"data", info.data},
                       {"hands_sha256", info.hands_sha256},
                       {"trees_sha256", info.trees_sha256},
                       {"hand_names", info.hand_names}});
}

CheckpointInfo checkpoint_info(const Safetensors& file) {
    const auto format = file.metadata().find("format");
    RIH_REQUIRE(format != file.metadata().end() && format->second == kFormat,
                "{}: is no checkpoint of this version (format \"{}\")",
                file.what(),
                format == file.metadata().end() ? "" : printable(format->second, 64));
    CheckpointInfo info;
    info.options = train_options_from_json(file.metadata("options"), file.what() + ": options");
    const double step = number_of(file, "step");
    RIH_REQUIRE(step < 1e15, "{}: step is out of range", file.what());
    info.step = static_cast<std::uint64_t>(step);
    info.seconds = number_of(file, "seconds");
    info.best_mpjpe_mm = number_of(file, "best_mpjpe_mm");
    info.data = file.metadata("data");
    info.hands_sha256 = file.metadata("hands_sha256");
    info.trees_sha256 = file.metadata("trees_sha256");
    info.hand_names = file.metadata("hand_names");
    return info;
}

void require_hands(const CheckpointInfo& info,
                   const HandsGeometry& geometry,
                   const std::string& what) {
    RIH_REQUIRE(
        info.hands_sha256 == geometry.sha256,
        "{}: was trained on other hands ({}, {:.12}) than these ({}, {:.12}); give the hand "
        "that it belongs to",
        what,
        printable(info.hand_names, 200),
        printable(info.hands_sha256, 64),
        geometry.names,
        geometry.sha256);
    RIH_REQUIRE(info.trees_sha256 == trees_hash(geometry),
                "{}: its vertex tree is not the one that this version makes of the hand; train "
                "again, or use the version that trained it",
                what);
}

void load_weights(const Safetensors& file, HandNet& net) {
    std::size_t count = 0, in_file = 0;
    for_each_state(net, [&](const std::string& name, const at::Tensor& tensor) {
        read_into(file, kNet + name, tensor);
        ++count;
    });
    for (const auto& [name, tensor] : file.tensors()) {
        in_file += name.starts_with(kNet) ? 1 : 0;
    }
    RIH_REQUIRE(count == in_file,
                "{}: holds {} arrays of a network, this one has {}",
                file.what(),
                in_file,
                count);
}

void load_training_state(const Safetensors& file, HandNet& net, Adam& adam) {
    std::size_t i = 0;
    for (const auto& parameter : net.named_parameters()) {
        read_into(file, kFirst + parameter.key(), adam.first_moments()[i]);
        read_into(file, kSecond + parameter.key(), adam.second_moments()[i]);
        ++i;
    }
    adam.set_steps(static_cast<std::int64_t>(number_of(file, "step")));
    at::Generator torch_random = generator();
    const at::Tensor state = torch_random.get_state();
    read_into(file, kRandom, state);
    torch_random.set_state(state);
}

void load_encoder_weights(const Safetensors& file, Encoder& encoder) {
    for (const auto& parameter : encoder.named_parameters()) {
        read_into(file, parameter.key(), parameter.value());
    }
    for (const auto& buffer : encoder.named_buffers()) {
        if (!buffer.key().ends_with("num_batches_tracked")) {
            read_into(file, buffer.key(), buffer.value());
        }
    }
}

} // namespace rih::learn
