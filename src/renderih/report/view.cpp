// SPDX-License-Identifier: Apache-2.0
#include "renderih/report/view.h"

#include "renderih/base/error.h"
#include "renderih/pipeline/dataset_hands.h"
#include "renderih/report/page.h"
#include "renderih/report/page_source.h"

#include <httplib.h>

#include <functional>

namespace rih {

namespace {

constexpr const char* kHost = "127.0.0.1";
constexpr PageSizes kSizes = {.thumbnail = 320, .picture = 1600};
constexpr const char* kText = "text/plain; charset=utf-8";
constexpr const char* kJson = "application/json";
constexpr const char* kBinary = "application/octet-stream";

/// Whether the request names this machine: "localhost" or "127.0.0.1", with or without a port.
bool is_for_this_machine(const httplib::Request& request) {
    if (request.get_header_value_count("Host") != 1) {
        return false;
    }
    std::string host = request.get_header_value("Host");
    const auto colon = host.find(':');
    if (colon != std::string::npos) {
        const std::string_view port = std::string_view(host).substr(colon + 1);
        if (port.empty() || port.size() > 5 ||
            port.find_first_not_of("0123456789") != std::string_view::npos) {
            return false;
        }
        host.resize(colon);
    }
    return host == "localhost" || host == kHost;
}

void answer(httplib::Response& response, int status, const std::string& text) {
    response.status = status;
    response.set_content(text + "\n", kText);
}

const char* type_of_member(std::string_view name) {
    struct Type {
        std::string_view ending;
        const char* type;
    };
    for (const Type& type : {Type{".png", "image/png"},
                             Type{".jpg", "image/jpeg"},
                             Type{".webp", "image/webp"},
                             Type{"json", kJson}}) {
        if (name.ends_with(type.ending)) {
            return type.type;
        }
    }
    return kBinary;
}

std::string text_of(const Bytes& bytes) {
    return {bytes.begin(), bytes.end()};
}

HandPair hands_to_show(const DatasetReader& reader, const ViewOptions& options) {
    require_generated(reader, "the page");
    return hands_of_dataset(reader, options.hand);
}

} // namespace

struct ViewServer::State {
    DatasetReader reader;
    HandPair hands;
    PageSource source;
    std::string page, faces;
    httplib::Server server;
    int port = 0;

    explicit State(const ViewOptions& options)
        : reader(options.folder, [](const std::string&) {}), hands(hands_to_show(reader, options)),
          source(reader, hands, kSizes) {
        const DatasetScan scan = scan_dataset(reader, hands, options.threads);
        const PageText text = page_text();
        page = text.before_head;
        page += page_head({&reader, &hands, &scan, scan.rows, std::nullopt, true});
        page += text.before_blocks;
        page += text.after_blocks;
        faces = text_of(source.faces());
    }

    using OfRecord = std::function<std::string(std::uint64_t record)>;
    void serve(const std::string& kind, const char* type, const OfRecord& make);
    void add_routes();
    void bind(int wanted);
};

/// GET /KIND/KEY.
void ViewServer::State::serve(const std::string& kind, const char* type, const OfRecord& make) {
    server.Get("/" + kind + "/(\\d{12})",
               [this, type, make](const httplib::Request& request, httplib::Response& response) {
                   const std::uint64_t record = record_of_key(request.matches[1].str());
                   if (!source.has(record)) {
                       return answer(response, 404, "there is no such record");
                   }
                   try {
                       response.set_content(make(record), type);
                   } catch (const UserError& error) {
                       answer(response, 422, error.what());
                   }
               });
}

void ViewServer::State::add_routes() {
    server.Get("/", [this](const httplib::Request&, httplib::Response& response) {
        response.set_content(page, "text/html; charset=utf-8");
    });
    server.Get("/faces", [this](const httplib::Request&, httplib::Response& response) {
        response.set_content(faces, kBinary);
    });
    serve("thumbnail", "image/webp", [this](auto r) { return text_of(source.thumbnail(r)); });
    serve("picture", "image/webp", [this](auto r) { return text_of(source.picture(r)); });
    serve("labels", "image/webp", [this](auto r) { return text_of(source.labels(r)); });
    serve("details", kBinary, [this](auto r) { return text_of(source.details(r)); });
    serve("vertices", kBinary, [this](auto r) { return text_of(source.vertices(r)); });
    server.Get(R"(/member/(\d{12})/([a-z0-9_.]{1,64}))",
               [this](const httplib::Request& request, httplib::Response& response) {
                   const std::string name = request.matches[2].str();
                   try {
                       const Bytes bytes =
                           source.member(record_of_key(request.matches[1].str()), name);
                       response.set_content(text_of(bytes), type_of_member(name));
                   } catch (const UserError& error) {
                       answer(response, 404, error.what());
                   }
               });
}

void ViewServer::State::bind(int wanted) {
    // The default would share the port with any other program that asks for the same.
    server.set_socket_options([](socket_t socket) {
        const int yes = 1;
        ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    });
    server.set_payload_max_length(1024); // nothing is sent here
    server.set_default_headers({{"Cache-Control", "no-store"},
                                {"X-Content-Type-Options", "nosniff"},
                                {"Cross-Origin-Resource-Policy", "same-origin"},
                                {"Cross-Origin-Opener-Policy", "same-origin"},
                                {"X-Frame-Options", "DENY"},
                                {"Referrer-Policy", "no-referrer"}});
    server.set_pre_routing_handler(
        [](const httplib::Request& request, httplib::Response& response) {
            using Handled = httplib::Server::HandlerResponse;
            if (!is_for_this_machine(request)) {
                answer(response, 403, "only localhost and 127.0.0.1 are served");
                return Handled::Handled;
            }
            if (request.method != "GET" && request.method != "HEAD") {
                answer(response, 405, "this server only reads");
                return Handled::Handled;
            }
            return Handled::Unhandled;
        });
    add_routes();
    port = wanted;
    if (wanted == 0) {
        port = server.bind_to_any_port(kHost);
        RIH_REQUIRE(port > 0, "{}: no port is free", kHost);
    } else {
        RIH_REQUIRE(server.bind_to_port(kHost, wanted),
                    "{}:{} is in use or not allowed; try another --port, or 0 for any",
                    kHost,
                    wanted);
    }
}

ViewServer::ViewServer(const ViewOptions& options) {
    RIH_REQUIRE(options.port >= 0 && options.port <= 65535,
                "port is {}; it must lie in 0 .. 65535",
                options.port);
    state_ = std::make_unique<State>(options);
    state_->bind(options.port);
}

ViewServer::~ViewServer() = default;

std::string ViewServer::address() const {
    return fmt::format("http://{}:{}/", kHost, state_->port);
}

void ViewServer::run() {
    RIH_REQUIRE(state_->server.listen_after_bind(), "{}: cannot be served", address());
}

} // namespace rih
