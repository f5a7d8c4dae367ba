#pragma once

#include "fake_origin.hpp"
#include "proxy/http2/client_connection.hpp"
#include "support/h2_scene.hpp"

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace alert40::test {

/// One request that asks through an Exchange, and what it hears.
struct FakeRequester final : proxy::Requester {
    FakeRequester(proxy::Dispatcher& dispatcher, proxy::Entrance const& entrance)
        : exchange(std::make_unique<proxy::Exchange>(*this, dispatcher, entrance)) {}

    void informational(proxy::ResponseHead& head) override { interim.push_back(head.status); }

    void response(proxy::ResponseHead& head, bool ends) override {
        status = head.status;
        upgraded = head.upgraded;
        protocol = head.protocol;
        fields = copied(head.fields);
        length = head.body;
        declared_length = head.declared_length;
        ended = ends;
    }

    std::span<std::uint8_t> body_space(std::size_t at_least) override {
        if (space.size() < at_least) space.resize(at_least);
        return space;
    }

    void body_written(std::size_t n) override { body.append(reinterpret_cast<char const*>(space.data()), n); }

    void end(proxy::Fields const& last) override {
        ended = true;
        trailers = copied(last);
    }

    void abort(proxy::Abort) override { aborted = true; }

    bool congested() const override { return full; }

    void more_request_body() override { ++drained; }

    void send(std::string_view piece) {
        exchange->request_body({reinterpret_cast<std::uint8_t const*>(piece.data()), piece.size()});
    }

    std::string field(std::string_view name) const {
        for (auto const& [key, value] : fields)
            if (key == name) return value;
        return {};
    }

    std::unique_ptr<proxy::Exchange> exchange;
    std::vector<std::uint16_t> interim;
    std::uint16_t status = 0;
    std::string body, protocol;
    Pairs fields, trailers;
    proxy::BodyLength length;
    std::optional<std::uint64_t> declared_length;
    bool upgraded = false;
    bool ended = false;
    bool aborted = false;
    bool full = false;
    int drained = 0;
    std::vector<std::uint8_t> space;
};

/// Our client side between requests of a test and an origin that speaks HTTP/2.
struct OriginScene final : proxy::UpstreamHost, proxy::Dispatcher {
    struct Failed {
        std::string detail;
        tls::FailureKind kind;
        bool unprocessed;
        bool operator==(Failed const&) const = default;
    };

    explicit OriginScene(H2Peer::Options options = {})
        : origin(stage.their_end(), H2Peer::Role::server, std::move(options)) {
        connection = proxy::http2::make_client_connection(stage.our_end(tls::By::upstream), *this);
    }

    // UpstreamHost
    void has_room(proxy::UpstreamConnection&) override { ++room_news; }

    void http2_broken(proxy::UpstreamConnection&, tls::Failure const& why) override {
        h2_broken = true;
        told_when_broken = failures.size();
        failure = why;
    }

    void closed(proxy::UpstreamConnection&, std::optional<tls::Failure> why) override {
        is_closed = true;
        if (!h2_broken) failure = std::move(why);
        stage.loop.destroy_later(std::move(connection));
    }

    // Dispatcher
    void dispatch(proxy::Exchange& exchange) override { exchange.assign(connection->open(exchange)); }

    void failed(proxy::Exchange&, tls::Failure const& why, bool unprocessed) override {
        failures.push_back({why.detail, why.kind, unprocessed});
        if (connection) room_when_told.push_back(connection->room());
    }

    void withdraw(proxy::Exchange&) override {}

    void settle() { stage.settle(origin); }

    FakeRequester& ask(std::string_view method = "GET", bool end = true,
                       std::function<void(proxy::RequestHead&)> const& more = {}) {
        auto& requester = *requests.emplace_back(std::make_unique<FakeRequester>(*this, entrance));
        auto& head = requester.exchange->request();
        head.method = method;
        head.scheme = "http";
        head.authority = "o.test";
        head.path = "/x?y";
        if (!end) head.body = proxy::BodyLength::unknown();
        if (more) more(head);
        requester.exchange->start(end);
        return requester;
    }

    void time_passes(std::chrono::seconds time) {
        if (connection) connection->on_tick(stage.loop.now());
        if (connection) connection->on_tick(stage.loop.now() + time);
        settle();
    }

    H2Stage stage;
    H2Peer origin;
    proxy::Entrance entrance{"127.0.0.1:4050", std::nullopt, false};
    std::unique_ptr<proxy::UpstreamConnection> connection;
    std::vector<std::unique_ptr<FakeRequester>> requests; ///< gone before the connection is
    std::vector<Failed> failures;
    std::vector<std::size_t> room_when_told;
    std::optional<tls::Failure> failure;
    int room_news = 0;
    bool is_closed = false;
    bool h2_broken = false;
    std::size_t told_when_broken = 0; ///< exchanges that had heard before the host did
};

} // namespace alert40::test
