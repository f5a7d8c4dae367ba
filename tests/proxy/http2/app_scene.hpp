#pragma once

#include "fake_origin.hpp"
#include "proxy/http2/server_connection.hpp"
#include "support/h2_scene.hpp"

#include <chrono>
#include <optional>
#include <utility>

namespace alert40::test {

/// An app that speaks HTTP/2 to our server side, and the origin's side of its exchanges.
struct AppScene final : proxy::DownstreamHost {
    explicit AppScene(H2Peer::Options options = {}, std::optional<proxy::Http2Upgrade> upgrade = std::nullopt,
                      proxy::Http2Flaws flaws = {})
        : app(stage.their_end(), H2Peer::Role::client, std::move(options)) {
        connection = proxy::http2::make_server_connection(
            {stage.our_end(tls::By::downstream), origin, entrance, *this, flaws}, std::move(upgrade));
    }

    void closed(proxy::Downstream&) override {
        is_closed = true;
        stage.loop.destroy_later(std::move(connection));
    }

    void upgrade(proxy::Downstream&, std::unique_ptr<net::ByteStream>, proxy::Http2Upgrade) override {}

    void intercept(proxy::Downstream&, std::unique_ptr<net::ByteStream>, policy::Origin const&) override {}

    void settle() { stage.settle(app); }

    std::int32_t get(std::string const& path = "/") {
        auto const id =
            app.request({{":method", "GET"}, {":scheme", "http"}, {":authority", "a.test"}, {":path", path}});
        settle();
        return id;
    }

    /// A request whose body the test sends.
    std::int32_t post(Pairs more = {}) {
        H2Fields fields{{":method", "POST"}, {":scheme", "http"}, {":authority", "a.test"}, {":path", "/up"}};
        fields.insert(fields.end(), more.begin(), more.end());
        auto const id = app.request(fields, false);
        settle();
        return id;
    }

    void time_passes(std::chrono::seconds time) {
        // a tick before sees the connection as it is now
        if (connection) connection->on_tick(stage.loop.now());
        if (connection) connection->on_tick(stage.loop.now() + time);
        settle();
    }

    H2Stage stage;
    FakeOrigin origin;
    proxy::Entrance entrance{"127.0.0.1:4050", std::nullopt, false};
    H2Peer app;
    std::unique_ptr<proxy::Downstream> connection;
    bool is_closed = false;
};

} // namespace alert40::test
