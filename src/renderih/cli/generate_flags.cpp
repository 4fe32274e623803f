// SPDX-License-Identifier: Apache-2.0
#include "renderih/cli/generate_flags.h"

#include "renderih/base/error.h"
#include "renderih/pipeline/provenance.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>

namespace rih {

namespace {

template <typename T>
bool is_whole_number(const std::string& text) {
    T value{};
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    return error == std::errc{} && stop == end && value >= 0;
}

/// What the other options build on. Read while parsing and ahead of them, which are bound after.
struct Base {
    GenerateOptions defaults; // the command's own
    std::string preset, config;

    void apply(GenerateOptions& options) const {
        options = defaults;
        if (!preset.empty()) {
            options.posing = posing_preset(preset);
        }
        if (!config.empty()) {
            read_toml(config, options);
        }
    }
};

void add_posing_flags(CLI::App& command, GenerateOptions& options, bool has_preset) {
    const auto base = std::make_shared<Base>();
    base->defaults = options;
    if (has_preset) {
        command
            .add_option_function<std::string>(
                "--preset",
                [base, &options](const std::string& name) {
                    base->preset = name;
                    base->apply(options);
                },
                "paper, released or default")
            ->trigger_on_parse()
            ->type_name("NAME");
    }
    command
        .add_option_function<std::string>(
            "--config",
            [base, &options](const std::string& path) {
                base->config = path;
                base->apply(options);
            },
            "TOML file of options (docs/configuration.md)")
        ->trigger_on_parse()
        ->type_name("FILE.toml");
    add_unsigned(command, "--seed", options.seed, "seed of every random number");
    command.add_option("--hand", options.hand, "open, or RIGHT,LEFT hand model files (MANO)")
        ->capture_default_str();
    command
        .add_option("--source",
                    options.posing.sources,
                    "pose sources: open, or files (MANO_NeuralAnnot JSON, poses npz)")
        ->delimiter(',');
    command
        .add_option(
            "--without",
            options.posing.without,
            "energy terms to leave out: attraction, anatomy, adversarial, penetration, self")
        ->delimiter(',');
}

} // namespace

CLI::Option*
add_unsigned(CLI::App& command, const char* name, std::uint64_t& value, const char* help) {
    return command.add_option(name, value, help)
        ->check([](const std::string& text) {
            return is_whole_number<std::uint64_t>(text)
                       ? std::string{}
                       : fmt::format("\"{}\" is no whole number from 0 to 2^64 - 1", text);
        })
        ->capture_default_str();
}

CLI::Option*
add_path(CLI::App& command, const char* name, std::filesystem::path& value, const char* help) {
    return command.add_option(name, value, help)->check([](const std::string& text) {
        return text.empty() ? std::string("a path must not be empty") : std::string{};
    });
}

void add_threads(CLI::App& command, int& threads) {
    command.add_option("--threads", threads, "threads; 0 = every core")
        ->check([](const std::string& text) {
            return is_whole_number<int>(text)
                       ? std::string{}
                       : fmt::format("\"{}\" is no number of threads: 0 (every core) or more",
                                     text);
        });
}

void add_places(CLI::App& command, ImageOptions& image) {
    command
        .add_option("--places",
                    image.places,
                    "generated environments beside the packaged maps; each is made when first used")
        ->capture_default_str();
}

void add_run_flags(CLI::App& command, RunFlags& flags) {
    add_path(command,
             "--assets",
             flags.assets,
             "folder of the built assets (default: $RENDERIH_ASSETS, else build/assets)");
    add_threads(command, flags.threads);
}

void add_posing_flags(CLI::App& command, GenerateOptions& options) {
    add_posing_flags(command, options, false);
}

void add_posing_flags_with_preset(CLI::App& command, GenerateOptions& options) {
    add_posing_flags(command, options, true);
}

void add_dataset_flags(CLI::App& command, DatasetFlags& flags) {
    add_posing_flags(command, flags.options);
    add_unsigned(command, "--poses", flags.options.poses, "number of pose pairs");
    command.add_option("--views", flags.options.views, "pictures of each pose")
        ->capture_default_str();
    command.add_option("--size", flags.size, "WIDTHxHEIGHT in pixels (default 512x334)");
    command.add_option("--spp", flags.options.image.spp, "samples a pixel")->capture_default_str();
    command
        .add_option("--sensor",
                    flags.options.image.sensor,
                    "camera: lens, noise and all (docs/camera.md); none: the clean picture")
        ->check(CLI::IsMember({"camera", "none"}))
        ->capture_default_str();
    add_places(command, flags.options.image);
}

GenerateOptions DatasetFlags::resolved() const {
    GenerateOptions resolved = options;
    if (!size.empty()) {
        set_size(size, resolved.image);
    }
    note_mirrored_hand(resolved.hand);
    return resolved;
}

void note_mirrored_hand(const std::string& hand) {
    if (mirrors_users_hand(hand)) {
        fmt::print(stderr, "renderih: the left hand is the mirror image of {}\n", printable(hand));
    }
}

void require_place_for(const std::filesystem::path& path) {
    std::error_code error;
    const auto status = std::filesystem::status(path, error);
    RIH_REQUIRE(!std::filesystem::exists(status) || std::filesystem::is_regular_file(status),
                "{}: is no plain file",
                path.string());
    std::filesystem::path probe = path;
    probe += fmt::format(".tmp.{}", ::getpid());
    const int fd = ::open(probe.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    RIH_REQUIRE(fd >= 0, "{}: cannot be written: {}", path.string(), std::strerror(errno));
    ::close(fd);
    ::unlink(probe.c_str());
}

} // namespace rih
