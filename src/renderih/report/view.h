// SPDX-License-Identifier: Apache-2.0
// The report's page for sets of any size: a server on this machine alone reads pictures and labels
// from the shards when the page asks. It only reads. Requests under another name than localhost or
// 127.0.0.1 are refused, so that no web page can reach it by pointing its own name here.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

namespace rih {

struct ViewOptions {
    std::filesystem::path folder;
    std::string hand; ///< RIGHT,LEFT files of a data set made with MANO
    int port = 8421;  ///< 0: any that is free
    int threads = 0;  ///< that read the set at the start
};

class ViewServer {
  public:
    /// Reads the set and binds the port. Throws UserError when either cannot be done.
    explicit ViewServer(const ViewOptions& options);
    ~ViewServer();
    ViewServer(const ViewServer&) = delete;
    ViewServer& operator=(const ViewServer&) = delete;

    std::string address() const; ///< "http://127.0.0.1:8421/"
    void run();                  ///< until the process ends

  private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace rih
