// SPDX-License-Identifier: Apache-2.0
#include "renderih/base/error.h"
#include "renderih/base/file.h"
#include "renderih/base/progress.h"
#include "renderih/base/sha256.h"
#include "renderih/base/stopwatch.h"
#include "renderih/dataset/json_writer.h"
#include "renderih/image/codecs.h"
#include "renderih/learn/log/csv_log.h"
#include "renderih/learn/log/event_file.h"
#include "renderih/learn/predict/overlay.h"
#include "renderih/learn/train/net_checkpoint.h"
#include "renderih/learn/train/net_evaluation.h"
#include "renderih/learn/train/train.h"
#include "renderih/learn/train/training_step.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace rih::learn {

namespace {

constexpr Measure kLogged[] = {Measure::Mpjpe,
                               Measure::PaMpjpe,
                               Measure::Smpjpe,
                               Measure::Mpvpe,
                               Measure::PaMpvpe,
                               Measure::Mrrpe,
                               Measure::Cdev};

std::vector<std::string> metric_columns() {
    std::vector<std::string> columns{"step", "epoch", "seconds", "split", "records", "loss"};
    for (const Measure measure : kLogged) {
        columns.emplace_back(name_of(measure));
    }
    columns.emplace_back("pck_auc");
    return columns;
}

/// One run, from its first or its resumed step to its end.
class Trainer {
  public:
    explicit Trainer(TrainRequest request);
    TrainResult run();

  private:
    void begin();
    bool resume();
    StepReport make_step();
    void log_step(const StepReport& report);
    void evaluate();
    CheckpointInfo info() const;
    std::uint64_t epoch() const { return step_ / steps_per_epoch_; }

    const TrainOptions options_;
    const std::string data_; // as in checkpoints
    const std::filesystem::path out_;
    const std::optional<std::filesystem::path> init_;
    const std::uint64_t stop_after_;
    std::unique_ptr<BatchSource> training_, judged_;
    TrainingStep moves_;
    std::uint64_t steps_per_epoch_ = 0, steps_ = 0, evaluate_every_ = 0, checkpoint_every_ = 0;
    std::uint64_t step_ = 0; // made so far
    double earlier_seconds_ = 0, learning_rate_ = 0;
    double mpjpe_mm_ = std::numeric_limits<double>::quiet_NaN();
    double best_mpjpe_mm_ = std::numeric_limits<double>::infinity();
    Stopwatch watch_;
    std::optional<CsvLog> losses_, metrics_;
    std::optional<EventFile> events_;
};

/// Which sets a run reads: a resumed one must read the same.
std::string data_json(const std::vector<DataSource>& sources) {
    JsonWriter json;
    json.begin_array();
    for (const DataSource& source : sources) {
        json.begin_object();
        json.field("dataset_json_sha256", sha256_of_file(source.dir / "dataset.json"));
        json.field("weight", source.weight);
        json.field("fraction", source.fraction);
        json.end_object();
    }
    json.end_array();
    return json.take();
}

/// Of the sets that a run is trained on, those that have records to judge it on; a set may be all
/// training records.
std::unique_ptr<BatchSource> open_judged(std::vector<DataSource> sources,
                                         const LoaderOptions& options) {
    const auto has_none = [&](const DataSource& source) {
        return !has_records(source.dir, options.split);
    };
    if (!std::ranges::all_of(sources, has_none)) { // else the loader says what lacks
        std::erase_if(sources, has_none);
    }
    return open_loader(std::move(sources), options);
}

const HandPair& first_hands(const TrainRequest& request) {
    RIH_REQUIRE(!request.sources.empty(), "train: no data set is given");
    return request.sources.front().hands;
}

Trainer::Trainer(TrainRequest request)
    : options_(request.options), data_(data_json(request.sources)), out_(std::move(request.out)),
      init_(std::move(request.init)),
      stop_after_(request.stop_after_steps > 0 ? request.stop_after_steps
                                               : std::numeric_limits<std::uint64_t>::max()),
      training_(open_loader(request.sources, training_loader(options_))),
      judged_(open_judged(request.sources, evaluation_loader(options_))),
      moves_(options_, first_hands(request)) {
    const auto accumulate = static_cast<std::uint64_t>(options_.accumulate);
    steps_per_epoch_ = std::max<std::uint64_t>(training_->batches_per_epoch() / accumulate, 1);
    steps_ = options_.steps > 0 ? options_.steps : options_.epochs * steps_per_epoch_;
    evaluate_every_ = options_.evaluate_every > 0 ? options_.evaluate_every
                                                  : std::max<std::uint64_t>(steps_ / 10, 1);
    checkpoint_every_ = options_.checkpoint_every > 0 ? options_.checkpoint_every : evaluate_every_;
}

/// Takes up the run that the folder holds. False: it holds none.
bool Trainer::resume() {
    const std::filesystem::path last = out_ / "checkpoint.safetensors";
    if (!std::filesystem::exists(last)) {
        RIH_REQUIRE(!std::filesystem::exists(out_ / "options.json") ||
                        read_text_file(out_ / "options.json", 1 << 20) == options_.to_json() + "\n",
                    "{}: holds a run with other options; give another --out",
                    out_.string());
        return false;
    }
    const Safetensors file = Safetensors::read(last);
    const CheckpointInfo info = checkpoint_info(file);
    RIH_REQUIRE(info.options.to_json() == options_.to_json(),
                "{}: holds a run with other options; give the same --config, or another --out",
                out_.string());
    RIH_REQUIRE(
        info.data == data_,
        "{}: holds a run on other data sets, weights or fractions; give the same --data, or "
        "another --out",
        out_.string());
    require_hands(info, moves_.runner().geometry(), last.string());
    load_weights(file, moves_.runner().net());
    load_training_state(file, moves_.runner().net(), moves_.adam());
    step_ = info.step;
    earlier_seconds_ = info.seconds;
    best_mpjpe_mm_ = info.best_mpjpe_mm;
    return true;
}

void Trainer::begin() {
    if (init_) {
        const Safetensors file = Safetensors::read(*init_);
        require_hands(checkpoint_info(file), moves_.runner().geometry(), init_->string());
        load_weights(file, moves_.runner().net());
    } else if (!options_.encoder_weights.empty()) {
        load_encoder_weights(Safetensors::read(options_.encoder_weights),
                             moves_.runner().net().encoder());
    }
    write_file_atomically(out_ / "options.json", options_.to_json() + "\n");
}

StepReport Trainer::make_step() {
    learning_rate_ = learning_rate_at(options_.schedule, step_, steps_, steps_per_epoch_);
    StepReport report = moves_.run(*training_, learning_rate_, epoch());
    RIH_REQUIRE(
        std::isfinite(report.loss) && std::isfinite(report.gradient_norm),
        "step {}: the {} is not finite; the checkpoint of an earlier step is kept in {}: go "
        "on from it (--init) with a lower learning_rate or with clip_norm",
        step_,
        std::isfinite(report.loss) ? "gradient" : "loss",
        out_.string());
    ++step_;
    return report;
}

void Trainer::log_step(const StepReport& report) {
    losses_->row(step_,
                 {CsvLog::cell(report.loss),
                  CsvLog::cell(learning_rate_),
                  CsvLog::cell(report.gradient_norm)});
    std::vector<std::pair<std::string, double>> values = report.terms;
    values.emplace_back("loss/total", report.loss);
    values.emplace_back("learning_rate", learning_rate_);
    values.emplace_back("gradient_norm", report.gradient_norm);
    events_->scalars(step_, values);
}

void Trainer::evaluate() {
    const NetEvaluation evaluation = evaluate_net(
        moves_.runner(), *judged_, options_.loss, {.records = options_.evaluation_records});
    mpjpe_mm_ = evaluation.scores.of(Measure::Mpjpe).mean();
    std::vector<std::string> cells{fmt::format("{}", epoch()),
                                   fmt::format("{:.1f}", earlier_seconds_ + watch_.seconds()),
                                   options_.evaluation_split,
                                   fmt::format("{}", evaluation.scores.pictures),
                                   CsvLog::cell(evaluation.loss)};
    std::vector<std::pair<std::string, double>> values{
        {options_.evaluation_split + "/loss", evaluation.loss}};
    for (const Measure measure : kLogged) {
        const double value = evaluation.scores.of(measure).mean();
        cells.push_back(CsvLog::cell(value));
        values.emplace_back(fmt::format("{}/{}", options_.evaluation_split, name_of(measure)),
                            value);
    }
    cells.push_back(CsvLog::cell(evaluation.scores.pck.auc()));
    metrics_->row(step_, cells);
    events_->scalars(step_, values);
    if (!evaluation.pictures.empty()) {
        const Image8 sheet = mosaic(evaluation.pictures, 4);
        const Bytes png = encode_png(sheet);
        write_file_atomically(out_ / "predictions" / fmt::format("{:08}.png", step_), png);
        events_->image(step_, "predictions", sheet.width(), sheet.height(), png);
    }
    if (mpjpe_mm_ < best_mpjpe_mm_) {
        best_mpjpe_mm_ = mpjpe_mm_;
        save_checkpoint(out_ / "best.safetensors", moves_.runner().net(), nullptr, info());
    }
}

CheckpointInfo Trainer::info() const {
    CheckpointInfo info;
    info.options = options_;
    info.step = step_;
    info.seconds = earlier_seconds_ + watch_.seconds();
    info.best_mpjpe_mm = best_mpjpe_mm_;
    info.data = data_;
    set_hands(info, moves_.runner().geometry());
    return info;
}

TrainResult Trainer::run() {
    make_folder(out_ / "predictions");
    if (!resume()) {
        begin();
    }
    TrainResult result;
    if (step_ >= steps_ || best_mpjpe_mm_ < options_.stop_below_mpjpe_mm) {
        result.was_finished = true;
    } else {
        losses_.emplace(out_ / "loss.csv",
                        std::vector<std::string>{"step", "loss", "learning_rate", "gradient_norm"},
                        step_);
        metrics_.emplace(out_ / "metrics.csv", metric_columns(), step_);
        events_.emplace(out_, step_);
        training_->seek(step_ * static_cast<std::uint64_t>(options_.accumulate));
        moves_.runner().net().train();
        Progress progress("train", steps_, step_);
        while (step_ < std::min(steps_, stop_after_)) {
            const StepReport report = make_step();
            if (step_ % options_.log_every == 0 || step_ == steps_) {
                log_step(report);
            }
            const bool last = step_ == steps_;
            if (last || step_ % evaluate_every_ == 0) {
                evaluate();
            }
            const bool good_enough = mpjpe_mm_ < options_.stop_below_mpjpe_mm;
            if (last || good_enough || step_ % checkpoint_every_ == 0) {
                save_checkpoint(
                    out_ / "checkpoint.safetensors", moves_.runner().net(), &moves_.adam(), info());
            }
            progress.step(fmt::format("loss {:.4g}, MPJPE {:.2f} mm", report.loss, mpjpe_mm_));
            if (good_enough) {
                break;
            }
        }
    }
    result.step = step_;
    result.seconds = earlier_seconds_ + (result.was_finished ? 0 : watch_.seconds());
    result.mpjpe_mm = mpjpe_mm_;
    result.best_mpjpe_mm = best_mpjpe_mm_;
    return result;
}

} // namespace

TrainResult train(TrainRequest request) {
    request.options.validate();
    return Trainer(std::move(request)).run();
}

} // namespace rih::learn
