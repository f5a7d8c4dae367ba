#pragma once

#include "net/loop/event_loop.hpp"
#include "net/resolver/resolver.hpp"
#include "proxy/tunnel/tunnels.hpp"
#include "proxy/upstream/ladder_registry.hpp"
#include "record/memory_sink.hpp"
#include "support/tls_client.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace alert40::test {

/// An app that asks for a tunnel, and what it is told.
struct TunnelApp final : proxy::Requester {
    TunnelApp(proxy::Dispatcher& dispatcher, proxy::Entrance const& entrance, std::string_view target)
        : exchange(std::make_unique<proxy::Exchange>(*this, dispatcher, entrance)) {
        exchange->request().method = "CONNECT";
        exchange->request().authority = target;
    }

    void informational(proxy::ResponseHead&) override {}

    void response(proxy::ResponseHead& head, bool end) override {
        status = head.status;
        granted = head.upgraded;
        ended = end;
    }

    std::span<std::uint8_t> body_space(std::size_t at_least) override {
        space.resize(at_least);
        return space;
    }

    void body_written(std::size_t n) override {
        heard.insert(heard.end(), space.begin(), space.begin() + static_cast<std::ptrdiff_t>(n));
    }

    void end(proxy::Fields const&) override { ended = true; }

    void abort(proxy::Abort) override { aborted = true; }

    bool congested() const override { return heard.size() >= takes; }

    void more_request_body() override { ++asked_for_more; }

    bool give_stream(policy::Origin const& target) override {
        if (has_stream) gave_stream_for = target;
        return has_stream;
    }

    void say(std::span<std::uint8_t const> bytes) { exchange->request_body(bytes); }

    void say(std::string_view text) {
        say({reinterpret_cast<std::uint8_t const*>(text.data()), text.size()});
    }

    void finish() { exchange->request_end({}); }

    std::string text() const { return {heard.begin(), heard.end()}; }

    bool answered() const { return granted || ended; }

    std::unique_ptr<proxy::Exchange> exchange; ///< reset: the app goes away
    std::vector<std::uint8_t> heard;
    std::size_t takes = SIZE_MAX; ///< before it is congested
    unsigned status = 0;
    int asked_for_more = 0;
    bool granted = false, ended = false, aborted = false;
    bool has_stream = false; ///< that it could give away
    std::optional<policy::Origin> gave_stream_for;

  private:
    std::vector<std::uint8_t> space;
};

/// Every name is at this port of loopback.
inline policy::Policy policy_for(std::uint16_t port) {
    auto policy = policy::built_in_policy();
    policy::Rule rule;
    rule.name = "test";
    rule.address = policy::Address{"127.0.0.1", port};
    rule.via =
        policy::Via{.kind = policy::Via::Kind::direct, .host = {}, .port = 0, .username = {}, .password = {}};
    policy.rules = {rule};
    return policy;
}

/// The tunnels of one worker on a loop of their own, run by the test until something is so.
class TunnelScene final : public proxy::Tunnels::Host {
  public:
    explicit TunnelScene(policy::Policy policy, std::vector<policy::Endpoint> own_listeners = {})
        : tunnels(std::make_unique<proxy::Tunnels>(
              proxy::UpstreamParts{loop, resolver, registry, sink, faults},
              *proxy::Snapshot::make(
                  std::make_shared<policy::Rulebook const>(std::move(policy), policy::Clock::now()),
                  std::move(own_listeners), nullptr),
              static_cast<proxy::Tunnels::Host&>(*this))) {}

    ~TunnelScene() { apps.clear(); }

    TunnelApp& connect(std::string_view target = "origin.test:443") {
        auto& app = prepare(target);
        app.exchange->start(false);
        return app;
    }

    /// Not started yet.
    TunnelApp& prepare(std::string_view target) {
        return *apps.emplace_back(std::make_unique<TunnelApp>(*tunnels, entrance, target));
    }

    TunnelApp& connected(std::string_view target = "origin.test:443") {
        auto& app = connect(target);
        until([&] { return app.answered(); });
        return app;
    }

    template <typename Predicate>
    void until(Predicate so) {
        constexpr int far_more_than_needed = 1'000;
        for (int turns = 0; !so(); ++turns) {
            if (turns == far_more_than_needed) throw std::runtime_error("it never happens");
            loop.turn(std::chrono::milliseconds{5}); // what it waits for may be another thread's
        }
    }

    /// Everything that is ready now.
    void settle() {
        while (loop.turn(std::chrono::milliseconds{0})) {
        }
    }

    /// The client speaks through its tunnel until `so`.
    template <typename Predicate>
    void handshake(TunnelApp& app, TlsClient& client, Predicate so) {
        app.say(client.step());
        until([&] {
            auto const heard = std::exchange(app.heard, {});
            auto const answer = heard.empty() ? TlsClient::Bytes{} : client.step(heard);
            if (!answer.empty()) app.say(answer);
            return so();
        });
    }

    std::vector<record::HandshakeRecord> records() const {
        std::vector<record::HandshakeRecord> all;
        for (auto const& each : sink.recent())
            all.push_back(std::get<record::HandshakeRecord>(each));
        return all;
    }

    // Tunnels::Host
    bool distrusted(std::string_view host) const override { return distrusting.contains(host); }

    void intercept(net::Socket socket, proxy::Entrance const&, policy::Origin const& target) override {
        intercepted = target;
        far_end = std::move(socket);
    }

    net::EventLoop loop;
    net::Resolver resolver{loop};
    proxy::LadderRegistry registry;
    record::MemorySink sink;
    proxy::FaultBook faults;
    proxy::Entrance entrance{.listener = "127.0.0.1:4040", .mapped = {}, .bound = "127.0.0.1:4040"};
    std::set<std::string, std::less<>> distrusting;
    std::optional<policy::Origin> intercepted;
    net::Socket far_end;
    std::unique_ptr<proxy::Tunnels> tunnels;
    std::vector<std::unique_ptr<TunnelApp>> apps; ///< gone before the tunnels are
};

} // namespace alert40::test
