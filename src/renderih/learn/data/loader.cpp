// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/data/loader.h"

#include "renderih/base/error.h"
#include "renderih/base/parallel.h"
#include "renderih/learn/data/epoch_order.h"
#include "renderih/learn/data/item.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>

namespace rih::learn {

namespace {

using Sources = std::vector<std::unique_ptr<const RecordSource>>;

EpochOrder order_of(const Sources& sources,
                    const std::vector<DataSource>& given,
                    const LoaderOptions& options) {
    std::vector<SourceShare> shares;
    std::uint64_t together = 0;
    for (std::size_t s = 0; s < sources.size(); ++s) {
        shares.push_back({sources[s]->size(), options.shuffle ? given[s].weight : 0});
        together += sources[s]->size();
    }
    std::uint64_t items = options.shuffle ? options.epoch_items : 0;
    if (options.shuffle && items == 0) {
        items = std::max(together, static_cast<std::uint64_t>(options.batch));
    }
    return EpochOrder(std::move(shares), items, options.seed, options.shuffle);
}

/// Makes batches one after the other, on a thread of its own that lends the items of a batch to
/// others; the trainer takes them from a queue.
class Loader : public BatchSource {
  public:
    Loader(Sources sources, EpochOrder order, const LoaderOptions& options)
        : sources_(std::move(sources)), order_(std::move(order)), options_(options) {
        const auto batch = static_cast<std::uint64_t>(options_.batch);
        batches_ = options_.shuffle ? order_.size() / batch : (order_.size() + batch - 1) / batch;
        RIH_REQUIRE(batches_ > 0,
                    "an epoch of {} items is smaller than a batch of {}",
                    order_.size(),
                    options_.batch);
    }
    ~Loader() override { stop(); }

    TrainingBatch next() override {
        std::unique_lock lock(mutex_);
        if (!worker_.joinable()) {
            worker_ = std::jthread(
                [this, first = next_](const std::stop_token& token) { work(token, first); });
        }
        changed_.wait(lock, [&] { return !ready_.empty() || failure_; });
        if (ready_.empty()) {
            std::rethrow_exception(failure_); // what came before has been handed out
        }
        TrainingBatch batch = std::move(ready_.front());
        ready_.pop_front();
        ++next_;
        changed_.notify_all();
        return batch;
    }

    void seek(std::uint64_t number) override {
        stop();
        next_ = number;
    }

    std::uint64_t batches_per_epoch() const override { return batches_; }
    BatchShape shape() const override {
        return {options_.batch,
                options_.crop.size,
                sources_[0]->meshes()[0].vertex_count(),
                options_.crop.map_size};
    }

  private:
    void stop() {
        if (worker_.joinable()) {
            worker_.request_stop();
            worker_.join();
        }
        worker_ = {};
        ready_.clear();
        failure_ = nullptr;
    }

    void work(const std::stop_token& token, std::uint64_t first) {
        try {
            for (std::uint64_t number = first; !token.stop_requested(); ++number) {
                TrainingBatch batch = make(number);
                std::unique_lock lock(mutex_);
                const auto ahead = static_cast<std::size_t>(options_.batches_ahead);
                if (!changed_.wait(lock, token, [&] { return ready_.size() < ahead; })) {
                    return;
                }
                ready_.push_back(std::move(batch));
                changed_.notify_all();
            }
        } catch (...) {
            const std::lock_guard lock(mutex_);
            failure_ = std::current_exception();
            changed_.notify_all();
        }
    }

    TrainingBatch make(std::uint64_t number) {
        const std::uint64_t epoch = number / batches_;
        if (items_.empty() || epoch != epoch_) {
            items_ = order_.order(epoch);
            epoch_ = epoch;
        }
        const auto first = (number % batches_) * static_cast<std::uint64_t>(options_.batch);
        BatchShape extents = shape();
        extents.batch = static_cast<int>(std::min<std::uint64_t>(
            static_cast<std::uint64_t>(options_.batch), items_.size() - first));
        TrainingBatch batch = make_batch(extents);
        parallel_for(static_cast<std::size_t>(extents.batch), options_.threads, [&](std::size_t i) {
            set_row(batch, static_cast<int>(i), item(items_[first + i], extents.vertices));
        });
        return batch;
    }

    TrainingItem item(const ItemRef& ref, int vertices) const {
        const RecordSource& source = *sources_[static_cast<std::size_t>(ref.source)];
        Augmentation augmentation;
        if (options_.augment) {
            const std::uint64_t stream =
                mix_bits(hash_name("augmentation") + static_cast<std::uint64_t>(ref.source));
            augmentation =
                draw_augmentation(options_.augmentation, Rng(options_.seed, ref.ordinal, stream));
        }
        PictureLabels labels = source.labels(ref.index);
        if (options_.crop.map_size > 0) {
            labels.images = source.label_images(ref.index);
        }
        TrainingItem item =
            make_item(source.picture(ref.index), labels, vertices, options_.crop, augmentation);
        item.source = ref.source;
        return item;
    }

    Sources sources_;
    EpochOrder order_;
    LoaderOptions options_;
    std::uint64_t batches_ = 0; // of an epoch
    std::uint64_t next_ = 0;    // that next() gives

    std::vector<ItemRef> items_; // of epoch_; the worker's own
    std::uint64_t epoch_ = 0;

    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::deque<TrainingBatch> ready_; // under mutex_
    std::exception_ptr failure_;      // under mutex_
    std::jthread worker_;             // last: ends before what it uses
};

} // namespace

void LoaderOptions::validate() const {
    RIH_REQUIRE(batch >= 1 && batch <= 4096, "batch is {}; it must be 1 to 4096", batch);
    RIH_REQUIRE(crop.size >= 16 && crop.size <= 1024,
                "image_size is {}; it must be 16 to 1024 pixels",
                crop.size);
    RIH_REQUIRE(crop.map_size >= 0 && crop.map_size <= crop.size,
                "map_size is {}; it must be 0 to image_size",
                crop.map_size);
    RIH_REQUIRE(crop.fill >= 0.1 && crop.fill <= 1, "fill is {}; it must be 0.1 to 1", crop.fill);
    RIH_REQUIRE(batches_ahead >= 1 && batches_ahead <= 64,
                "batches_ahead is {}; it must be 1 to 64",
                batches_ahead);
    resolve_thread_count(threads);
    augmentation.validate();
}

std::unique_ptr<BatchSource> open_loader(std::vector<DataSource> sources,
                                         const LoaderOptions& options) {
    options.validate();
    RIH_REQUIRE(!sources.empty(), "no data set to load from");
    Sources opened;
    for (DataSource& source : sources) {
        auto next = std::make_unique<const RecordSource>(
            source.dir, std::move(source.hands), options.split, source.fraction);
        require_mirrored(next->meshes(), next->dir().string());
        const auto& first = opened.empty() ? *next : *opened[0];
        RIH_REQUIRE(next->meshes()[0].faces == first.meshes()[0].faces,
                    "{}: its hand has another mesh than that of {}",
                    next->dir().string(),
                    first.dir().string());
        opened.push_back(std::move(next));
    }
    EpochOrder order = order_of(opened, sources, options);
    return std::make_unique<Loader>(std::move(opened), std::move(order), options);
}

} // namespace rih::learn
