#pragma once

#include "net/byte_stream.hpp"
#include "net/loop/event_loop.hpp"
#include "net/socket.hpp"
#include "proxy/exchange/downstream.hpp"
#include "proxy/exchange/upstream_connection.hpp"
#include "proxy/http1/client_connection.hpp"
#include "proxy/http1/server_connection.hpp"
#include "support/wire.hpp"

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace alert40::test {

/// An app, the HTTP/1.1 server, real exchanges, HTTP/1.1 clients, and origins, in one thread: nothing is
/// timed, `settle` goes on until nobody has anything left to say.
class Scene final : proxy::DownstreamHost, proxy::Dispatcher {
  public:
    struct Origin final : proxy::UpstreamHost {
        void has_room(proxy::UpstreamConnection&) override { ++rooms; }

        void http2_broken(proxy::UpstreamConnection&, tls::Failure const&) override {}

        void closed(proxy::UpstreamConnection&, std::optional<tls::Failure> why) override {
            is_closed = true;
            failure = std::move(why);
            scene->loop.destroy_later(std::move(connection));
        }

        Scene* scene = nullptr;
        Wire wire;
        std::unique_ptr<proxy::UpstreamConnection> connection;
        std::optional<tls::Failure> failure;
        bool is_closed = false;
        int rooms = 0;
    };

    Scene() {
        downstream = proxy::http1::make_server_connection(
            {stream(app.our_end(), tls::By::downstream), *this, entrance, *this});
    }

    ~Scene() = default;

    Wire& origin(std::size_t n = 0) { return origins.at(n)->wire; }

    void settle() {
        settle_all(loop, [this] {
            bool moved = app.pump();
            for (auto const& each : origins)
                moved |= each->wire.pump();
            return moved;
        });
    }

    /// The app says `text`, and everything happens that follows from it.
    void app_says(std::string_view text) {
        app.say(text);
        settle();
    }

    void origin_says(std::string_view text, std::size_t n = 0) {
        origin(n).say(text);
        settle();
    }

    void time_passes(std::chrono::seconds time) {
        tick(loop.now()); // sees the connections as they are now
        tick(loop.now() + time);
        settle();
    }

    net::EventLoop loop;
    Wire app;
    std::vector<std::unique_ptr<Origin>> origins;
    proxy::Entrance entrance{"127.0.0.1:4050", std::nullopt, false};
    std::unique_ptr<proxy::Downstream> downstream;
    bool app_closed = false;
    std::optional<proxy::Http2Upgrade> upgraded;
    std::optional<policy::Origin> intercepted;
    std::string upgraded_rest; ///< what the stream gives first after an upgrade
    std::vector<std::string> failures;
    /// Instead of an origin.
    std::function<void(proxy::Exchange&)> on_dispatch;

  private:
    std::unique_ptr<net::ByteStream> stream(int fd, tls::By side) {
        return std::make_unique<net::ByteStream>(loop, net::Socket{fd}, nullptr, side);
    }

    void tick(std::chrono::steady_clock::time_point now) {
        if (downstream) downstream->on_tick(now);
        for (auto const& each : origins)
            if (each->connection) each->connection->on_tick(now);
    }

    // DownstreamHost
    void closed(proxy::Downstream&) override {
        app_closed = true;
        loop.destroy_later(std::move(downstream));
    }

    void upgrade(proxy::Downstream& connection, std::unique_ptr<net::ByteStream> stream,
                 proxy::Http2Upgrade upgrade) override {
        closed(connection);
        upgraded = std::move(upgrade);
        std::array<std::uint8_t, 1024> bytes{};
        auto const got = stream->read(bytes);
        if (got.status == tls::engine::Status::ok)
            upgraded_rest.assign(reinterpret_cast<char const*>(bytes.data()), got.bytes);
        loop.destroy_later(std::move(stream));
    }

    void intercept(proxy::Downstream& connection, std::unique_ptr<net::ByteStream> stream,
                   policy::Origin const& target) override {
        upgrade(connection, std::move(stream), {});
        intercepted = target;
    }

    // Dispatcher
    void dispatch(proxy::Exchange& exchange) override {
        if (on_dispatch) return on_dispatch(exchange);
        for (auto const& each : origins)
            if (each->connection && each->connection->room() > 0)
                return exchange.assign(each->connection->open(exchange));
        auto added = std::make_unique<Origin>();
        added->scene = this;
        added->connection =
            proxy::http1::make_client_connection(stream(added->wire.our_end(), tls::By::upstream), *added);
        origins.push_back(std::move(added));
        auto& fresh = *origins.back();
        exchange.assign(fresh.connection->open(exchange));
    }

    void failed(proxy::Exchange& exchange, tls::Failure const& failure, bool unprocessed) override {
        failures.push_back(std::string(tls::name_of(failure.kind)) + (unprocessed ? ", unprocessed" : ""));
        if (unprocessed && exchange.replayable()) return dispatch(exchange);
        exchange.answer({.status = 502, .fields = {}, .body = "failed", .trailers = {}});
    }

    void withdraw(proxy::Exchange&) override {}
};

/// The body of one message without its chunked coding, which may be cut in any way.
std::string unchunked(std::string_view message);

} // namespace alert40::test
