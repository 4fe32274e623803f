// SPDX-License-Identifier: Apache-2.0
// Others' data sets as numbered pictures with labels in our frames, units and orders
// (docs/exchange.md says what each reader demands of a layout). Files are believed in nothing.
#pragma once

#include "renderih/dataset/record.h"
#include "renderih/hand/hand_model.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>

namespace rih {

struct ForeignOptions {
    std::filesystem::path folder;
    Split split = Split::Train;
    const HandPair* mano = nullptr; ///< MANO's hands; null: parameters are left out
};

class ForeignSet {
  public:
    virtual ~ForeignSet() = default;

    /// Pictures with a label of at least one hand.
    virtual std::uint64_t size() const = 0;
    /// All below take a number less than size() and may be called by any thread; they throw
    /// UserError.
    virtual std::filesystem::path picture(std::uint64_t number) const = 0;
    /// The place in the set, for people: "Capture0/cam400262/image0001.jpg".
    virtual std::string name(std::uint64_t number) const = 0;
    /// Camera and hands of a picture of that size; what names the record in our set, and
    /// data_source and source_index, are the caller's to fill in.
    virtual Record labels(std::uint64_t number, int width, int height) const = 0;

    /// Whether joints_px are joints_in_cam projected, or labels of their own.
    virtual bool projects_joints() const { return true; }
    /// Pictures that are not among size(), by reason.
    const std::map<std::string, std::uint64_t>& left_out() const { return left_out_; }
    /// Files of labels of the whole set: name -> sha256.
    const std::map<std::string, std::string>& digests() const { return digests_; }

  protected:
    void note_digest(const std::filesystem::path& file);

    std::map<std::string, std::uint64_t> left_out_;
    std::map<std::string, std::string> digests_;
};

std::unique_ptr<ForeignSet> open_interhand26m(const ForeignOptions& options);
std::unique_ptr<ForeignSet> open_hic(const ForeignOptions& options);
std::unique_ptr<ForeignSet> open_h2o3d(const ForeignOptions& options);
std::unique_ptr<ForeignSet> open_ego3d(const ForeignOptions& options);

} // namespace rih
