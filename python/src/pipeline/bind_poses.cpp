// SPDX-License-Identifier: Apache-2.0
#include "base/numpy_arrays.h"
#include "bind.h"
#include "renderih/base/error.h"
#include "renderih/pipeline/make_poses.h"

#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

namespace rih::python {

namespace nb = nanobind;
using namespace nb::literals;

namespace {

template <typename T>
constexpr const char* kTypeName = "a number";
template <>
constexpr const char* kTypeName<int> = "a whole number";
template <>
constexpr const char* kTypeName<bool> = "True or False";
template <>
constexpr const char* kTypeName<std::string> = "a text";
template <>
constexpr const char* kTypeName<std::vector<std::string>> = "a list of texts";
template <>
constexpr const char* kTypeName<std::vector<double>> = "a list of numbers";

/// The fields that `given` names become its values.
void set_options(PosingOptions& options, const nb::dict& given) {
    std::size_t known = 0;
    std::vector<std::string> names;
    visit_posing_options(options, [&](const char* name, auto& field) {
        using Field = std::decay_t<decltype(field)>;
        names.emplace_back(name);
        if (!given.contains(name)) {
            return;
        }
        ++known;
        const nb::object value = given[name];
        RIH_REQUIRE(nb::try_cast<Field>(value, field),
                    "option {} is {}; it must be {}",
                    name,
                    printable(nb::repr(value).c_str(), 60),
                    kTypeName<Field>);
    });
    if (known == given.size()) {
        return;
    }
    for (const auto& [key, value] : given) {
        const std::string name = nb::cast<std::string>(key);
        RIH_REQUIRE(std::ranges::find(names, name) != names.end(),
                    "there is no option \"{}\"; there are {}",
                    printable(name, 60),
                    fmt::join(names, ", "));
    }
}

nb::dict make_poses(std::uint64_t count,
                    std::uint64_t seed,
                    const std::string& hand,
                    const std::string& assets,
                    int threads,
                    const std::string& preset,
                    const nb::dict& posing) {
    GenerateOptions options;
    options.seed = seed;
    options.hand = hand;
    options.posing = posing_preset(preset);
    set_options(options.posing, posing);
    std::map<std::string, NpyOutput> arrays;
    {
        const nb::gil_scoped_release released;
        arrays = make_pose_arrays(options, count, threads, find_assets(assets), [] {
            const nb::gil_scoped_acquire acquired;
            if (PyErr_CheckSignals() != 0) { // Ctrl-C
                throw nb::python_error();
            }
        });
    }
    return numpy_arrays(std::move(arrays));
}

} // namespace

void bind_poses(nb::module_& module) {
    module.def("make_poses",
               &make_poses,
               "count"_a,
               "seed"_a,
               "hand"_a,
               "assets"_a,
               "threads"_a,
               "preset"_a,
               "posing"_a,
               "The arrays of `renderih poses`.");
    module.def(
        "posing_options",
        [](const std::string& preset) { return to_json(posing_preset(preset)); },
        "preset"_a,
        "The options of a preset as a JSON object.");
}

} // namespace rih::python
