// SPDX-License-Identifier: Apache-2.0
// What is dear to make and asked for by several threads: made once while it is kept, which is as
// long as it is among the last used.
#pragma once

#include <algorithm>
#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <utility>

namespace rih {

template <typename Key, typename Value>
class SharedCache {
  public:
    /// Keeps `capacity` values, at least one.
    explicit SharedCache(std::size_t capacity) : capacity_(std::max<std::size_t>(capacity, 1)) {}

    /// The value of `key`, from make() unless it is kept; a make() that throws is tried again.
    /// Threads that want one value wait for it, others go on. What was handed out lives on.
    template <typename Make>
    std::shared_ptr<const Value> get(const Key& key, const Make& make) {
        const std::shared_ptr<Entry> kept = entry(key);
        const std::lock_guard lock(kept->making);
        if (!kept->value) {
            kept->value = std::make_shared<const Value>(make());
        }
        return kept->value;
    }

  private:
    struct Entry {
        std::mutex making; ///< held by the one who makes it
        std::shared_ptr<const Value> value;
    };

    std::shared_ptr<Entry> entry(const Key& key) {
        const std::lock_guard lock(mutex_);
        const auto found =
            std::find_if(kept_.begin(), kept_.end(), [&](const auto& k) { return k.first == key; });
        if (found != kept_.end()) {
            kept_.splice(kept_.begin(), kept_, found);
        } else {
            kept_.emplace_front(key, std::make_shared<Entry>());
            if (kept_.size() > capacity_) {
                kept_.pop_back();
            }
        }
        return kept_.front().second;
    }

    std::size_t capacity_;
    std::mutex mutex_;
    std::list<std::pair<Key, std::shared_ptr<Entry>>> kept_; // the last used first
};

} // namespace rih
