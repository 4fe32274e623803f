// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/experiment/experiment_plan.h"

#include "renderih/base/option_fields.h"
#include "renderih/dataset/record.h"
#include "renderih/learn/evaluation/protocol.h"
#include "renderih/learn/metrics/score_summary.h"

#include <algorithm>
#include <set>
#include <sstream>

namespace rih::learn {

namespace {

constexpr std::size_t kMaxRuns = 200, kMaxSets = 8;

/// Keys of a table, asked for one by one; `finish` refuses those that nobody asked for.
class Keys {
  public:
    Keys(const toml::table& table, std::string where) : table_(&table), where_(std::move(where)) {}

    template <typename T>
    void read(const char* name, T& value) {
        if (const toml::node* node = find(name)) {
            const auto found = node->value<T>();
            RIH_REQUIRE(found, "{}: {} has the wrong type", where_, name);
            value = *found;
        }
    }

    template <typename T>
    void read(const char* name, std::vector<T>& values, std::size_t most) {
        const toml::node* node = find(name);
        if (node == nullptr) {
            return;
        }
        const toml::array* list = node->as_array();
        RIH_REQUIRE(list != nullptr && list->size() <= most,
                    "{}: {} must be a list of at most {}",
                    where_,
                    name,
                    most);
        values.clear();
        for (const toml::node& element : *list) {
            const auto found = element.value<T>();
            RIH_REQUIRE(found, "{}: an element of {} has the wrong type", where_, name);
            values.push_back(*found);
        }
    }

    const toml::node* find(const char* name) {
        asked_.insert(name);
        return table_->get(name);
    }

    void finish() const {
        for (const auto& [key, node] : *table_) {
            RIH_REQUIRE(asked_.contains(std::string(key.str())),
                        "{}: there is no option \"{}\"",
                        where_,
                        printable(key.str(), 64));
        }
    }

  private:
    const toml::table* table_;
    std::string where_;
    std::set<std::string> asked_;
};

std::string text_of(const toml::table& table) {
    std::ostringstream text;
    text << table << '\n';
    return text.str();
}

/// A name that may be a folder's and a flag's.
void require_name(const std::string& name, const std::string& where) {
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    };
    RIH_REQUIRE(!name.empty() && name.size() <= 40 && std::ranges::all_of(name, fits),
                "{}: '{}' is no name (a-z, 0-9, _ and -)",
                where,
                printable(name, 64));
}

ExperimentRun read_run(const toml::node& node, const std::string& where) {
    const toml::table* table = node.as_table();
    RIH_REQUIRE(table != nullptr, "{}: run must be tables ([[run]])", where);
    ExperimentRun run;
    Keys keys(*table, where);
    keys.read("name", run.name);
    keys.read("sets", run.sets, kMaxSets);
    keys.read("weights", run.weights, kMaxSets);
    keys.read("fractions", run.fractions, kMaxSets);
    keys.read("init", run.init);
    keys.read("mean_hand", run.mean_hand);
    keys.read("judge", run.judge, kMaxSets);
    keys.read("x", run.x);
    keys.read("series", run.series);
    if (const toml::node* train = keys.find("train")) {
        RIH_REQUIRE(train->is_table(), "{}: train must be a table", where);
        run.train_toml = text_of(*train->as_table());
    }
    keys.finish();
    RIH_REQUIRE(!run.name.empty() && run.name.size() <= 80, "{}: a run needs a name", where);
    const std::string here = where + ": run '" + printable(run.name, 80) + "'";
    RIH_REQUIRE(!run.sets.empty(), "{}: names no sets", here);
    for (const auto* names : {&run.sets, &run.judge}) {
        for (const std::string& name : *names) {
            require_name(name, here);
        }
    }
    RIH_REQUIRE(run.weights.empty() || run.weights.size() == run.sets.size(),
                "{}: {} weights for {} sets",
                here,
                run.weights.size(),
                run.sets.size());
    RIH_REQUIRE(run.fractions.empty() || run.fractions.size() == run.sets.size(),
                "{}: {} fractions for {} sets",
                here,
                run.fractions.size(),
                run.sets.size());
    for (const double fraction : run.fractions) {
        RIH_REQUIRE(
            fraction > 0 && fraction <= 1, "{}: the fraction {} is not in (0, 1]", here, fraction);
    }
    for (const double weight : run.weights) {
        RIH_REQUIRE(weight > 0 && weight < 1e6, "{}: the weight {} is not positive", here, weight);
    }
    RIH_REQUIRE(!run.mean_hand || (run.sets.size() == 1 && run.init.empty() &&
                                   run.train_toml.empty() && run.fractions.empty()),
                "{}: a mean hand has one set, and nothing to train",
                here);
    return run;
}

ExperimentScale
read_scale(const toml::table& table, const std::string& name, const std::string& where) {
    ExperimentScale scale;
    scale.name = name;
    Keys keys(table, where);
    keys.read("train", scale.train);
    keys.read("seeds", scale.seeds);
    if (const toml::node* changes = keys.find("changes")) {
        RIH_REQUIRE(changes->is_table(), "{}: changes must be a table", where);
        scale.train_toml = text_of(*changes->as_table());
    }
    keys.finish();
    RIH_REQUIRE(!scale.train.empty(), "{}: names no training configuration (train)", where);
    require_name(scale.train, where);
    RIH_REQUIRE(scale.seeds >= 1 && scale.seeds <= 100,
                "{}: seeds is {}; it must be 1 to 100",
                where,
                scale.seeds);
    return scale;
}

void check(const ExperimentPlan& plan, const std::string& what) {
    RIH_REQUIRE(!plan.title.empty(), "{}: has no title", what);
    RIH_REQUIRE(!plan.scales.empty(), "{}: has no [scale.NAME]", what);
    split_of_name(plan.split);
    protocol_of_name(plan.protocol);
    RIH_REQUIRE(!plan.measures.empty(), "{}: names no measures", what);
    for (const std::string& measure : plan.measures) {
        bool known = false;
        for (std::size_t m = 0; m < kMeasures; ++m) {
            known = known || measure == name_of(static_cast<Measure>(m));
        }
        RIH_REQUIRE(known, "{}: there is no measure '{}'", what, printable(measure, 64));
    }
    for (const std::string& name : plan.judge) {
        require_name(name, what);
    }
    RIH_REQUIRE(!plan.runs.empty(), "{}: has no [[run]]", what);
    std::set<std::string> before;
    for (const ExperimentRun& run : plan.runs) {
        RIH_REQUIRE(!run.judge.empty() || !plan.judge.empty(),
                    "{}: run '{}' is judged on nothing",
                    what,
                    run.name);
        RIH_REQUIRE(run.init.empty() ||
                        (before.contains(run.init) && !plan.run(run.init).mean_hand),
                    "{}: run '{}' begins with '{}', which is no network before it",
                    what,
                    run.name,
                    printable(run.init, 80));
        RIH_REQUIRE(before.insert(run.name).second, "{}: two runs '{}'", what, run.name);
    }
}

void merge_into(toml::table& base, const toml::table& changes) {
    for (const auto& [key, node] : changes) {
        toml::table* inner = base[key.str()].as_table();
        if (inner != nullptr && node.is_table()) {
            merge_into(*inner, *node.as_table());
        } else {
            base.insert_or_assign(key.str(), node);
        }
    }
}

} // namespace

std::vector<std::string> ExperimentPlan::set_names() const {
    std::vector<std::string> names;
    const auto add = [&](const std::vector<std::string>& more) {
        for (const std::string& name : more) {
            if (std::ranges::find(names, name) == names.end()) {
                names.push_back(name);
            }
        }
    };
    for (const ExperimentRun& run : runs) {
        add(run.sets);
        add(run.judge.empty() ? judge : run.judge);
    }
    return names;
}

const ExperimentRun& ExperimentPlan::run(const std::string& name) const {
    const auto found = std::ranges::find(runs, name, &ExperimentRun::name);
    RIH_ASSERT(found != runs.end(), "no run '{}'", name);
    return *found;
}

const ExperimentScale& ExperimentPlan::scale(const std::string& name) const {
    const auto found = std::ranges::find(scales, name, &ExperimentScale::name);
    if (found == scales.end()) {
        std::string names;
        for (const ExperimentScale& one : scales) {
            names += (names.empty() ? "" : ", ") + one.name;
        }
        throw_user_error(
            "the plan has no scale '{}'; it has {}", printable(name, 40), printable(names));
    }
    return *found;
}

ExperimentPlan experiment_from_toml(const std::string& text, const std::string& what) {
    const toml::table table = parse_toml(text, what);
    ExperimentPlan plan;
    plan.text = text;
    Keys keys(table, what);
    keys.read("title", plan.title);
    keys.read("about", plan.about);
    keys.read("split", plan.split);
    keys.read("protocol", plan.protocol);
    keys.read("measures", plan.measures, kMeasures);
    keys.read("judge", plan.judge, kMaxSets);
    keys.read("groups", plan.groups);
    keys.read("x_label", plan.x_label);
    if (const toml::node* scales = keys.find("scale")) {
        RIH_REQUIRE(scales->is_table(), "{}: scale must be tables ([scale.small])", what);
        for (const auto& [name, node] : *scales->as_table()) {
            const std::string where = fmt::format("{}: scale.{}", what, printable(name.str(), 40));
            RIH_REQUIRE(node.is_table(), "{} must be a table", where);
            plan.scales.push_back(read_scale(*node.as_table(), std::string(name.str()), where));
        }
    }
    if (const toml::node* runs = keys.find("run")) {
        const toml::array* list = runs->as_array();
        RIH_REQUIRE(list != nullptr && list->size() <= kMaxRuns,
                    "{}: run must be at most {} tables ([[run]])",
                    what,
                    kMaxRuns);
        for (const toml::node& node : *list) {
            plan.runs.push_back(read_run(node, what));
        }
    }
    keys.finish();
    check(plan, what);
    return plan;
}

ExperimentPlan read_experiment(const std::filesystem::path& path) {
    return experiment_from_toml(read_text_file(path, kMaxTomlBytes), path.string());
}

std::string
merged_toml(const std::string& base, const std::string& changes, const std::string& what) {
    toml::table merged = parse_toml(base, what);
    merge_into(merged, parse_toml(changes, what));
    return text_of(merged);
}

} // namespace rih::learn
