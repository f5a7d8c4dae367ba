#pragma once

#include "net/loop/event_loop.hpp"
#include "net/resolver/resolver.hpp"
#include "proxy/message/limits.hpp"
#include "proxy/upstream/ladder_registry.hpp"
#include "proxy/upstream/pool.hpp"
#include "proxy/upstream/snapshot.hpp"
#include "record/memory_sink.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace alert40::test {

/// An app that asks for one thing, and what it is told.
struct App final : proxy::Requester {
    App(proxy::Dispatcher& dispatcher, proxy::Entrance const& entrance)
        : exchange(std::make_unique<proxy::Exchange>(*this, dispatcher, entrance)) {}

    void informational(proxy::ResponseHead&) override {}

    void response(proxy::ResponseHead& head, bool end) override {
        status = head.status;
        over = end || head.upgraded;
    }

    std::span<std::uint8_t> body_space(std::size_t at_least) override {
        space.resize(at_least);
        return space;
    }

    void body_written(std::size_t n) override {
        body.append(space.begin(), space.begin() + static_cast<std::ptrdiff_t>(n));
    }

    void end(proxy::Fields const&) override { over = true; }

    void abort(proxy::Abort) override { over = true; }

    bool congested() const override { return false; }

    void more_request_body() override {}

    std::unique_ptr<proxy::Exchange> exchange; ///< reset: the app goes away
    unsigned status = 0;
    std::string body;
    bool over = false;

  private:
    std::vector<std::uint8_t> space;
};

/// https://origin.test at a port of loopback, by a ladder of two profiles ("both", then "http1") that
/// verifies nothing.
inline policy::Policy policy_for(std::uint16_t port) {
    auto policy = policy::built_in_policy();
    auto both = *tls::built_in_profile("modern");
    both.name = "both";
    both.verify.mode = tls::Verify::Mode::none;
    auto http1 = both;
    http1.name = "only-http1";
    http1.alpn = {"http/1.1"};
    policy.profiles.push_back(both);
    policy.profiles.push_back(http1);

    auto ladder = policy::standard_ladder();
    ladder.name = "two";
    ladder.retry = 0;
    ladder.steps = {"both", "only-http1"};
    policy.ladders.push_back(ladder);

    policy::Rule rule;
    rule.name = "test";
    rule.ladder = policy::LadderName{"two"};
    rule.address = policy::Address{"127.0.0.1", port};
    rule.via =
        policy::Via{.kind = policy::Via::Kind::direct, .host = {}, .port = 0, .username = {}, .password = {}};
    policy.rules = {rule};
    return policy;
}

inline std::shared_ptr<proxy::Snapshot const> snapshot_of(policy::Policy policy,
                                                          proxy::Snapshot const* before = nullptr) {
    auto rulebook = std::make_shared<policy::Rulebook const>(std::move(policy), policy::Clock::now());
    return *proxy::Snapshot::make(std::move(rulebook), {}, before);
}

/// One worker's upstream side on a loop of its own, run by the test until something is so.
class Scene {
  public:
    explicit Scene(policy::Policy policy, proxy::Diagnostician* diagnostician = nullptr)
        : pool(std::make_unique<proxy::Pool>(
              proxy::UpstreamParts{loop, resolver, registry, sink, faults, diagnostician},
              snapshot_of(std::move(policy)))) {}

    ~Scene() { apps.clear(); }

    /// A request in absolute form, or an upgrade.
    App& ask(std::string_view method = "GET", std::string_view protocol = {},
             std::string_view content_type = {}) {
        auto& app = *apps.emplace_back(std::make_unique<App>(*pool, entrance));
        auto& request = app.exchange->request();
        request.method = method;
        request.scheme = scheme;
        request.authority = "origin.test";
        request.path = "/";
        request.protocol = protocol;
        request.absolute_form = true;
        if (!content_type.empty()) request.add("content-type", content_type);
        loop.post([&app, end = protocol.empty()] { app.exchange->start(end); });
        return app;
    }

    template <typename Predicate>
    void until(Predicate so) {
        while (!so())
            loop.turn(std::chrono::milliseconds{5}); // what it waits for may be another thread's
    }

    void until_all_answered() {
        until([this] {
            return std::all_of(apps.begin(), apps.end(),
                               [](auto const& app) { return app->over || !app->exchange; });
        });
    }

    /// Everything that is ready now.
    void settle() {
        while (loop.turn(std::chrono::milliseconds{0})) {
        }
    }

    /// As a tick would, that much later.
    void tick_after(std::chrono::seconds time) {
        pool->on_tick(loop.now() + time);
        settle();
    }

    /// "both alert 40 -> only-http1; only-http1 established": the handshakes so far.
    std::string dials() const {
        std::string text;
        for (auto const& record : sink.recent()) {
            auto const* const dial = std::get_if<record::HandshakeRecord>(&record);
            if (!dial) continue;
            if (!text.empty()) text += "; ";
            text += dial->profile + " ";
            if (!dial->failure)
                text += "established";
            else if (dial->failure->alert)
                text += "alert " + std::to_string(static_cast<int>(dial->failure->alert->description));
            else
                text += name_of(dial->failure->kind);
            if (dial->next) text += " -> " + *dial->next;
        }
        return text;
    }

    net::EventLoop loop;
    net::Resolver resolver{loop};
    proxy::LadderRegistry registry;
    record::MemorySink sink;
    proxy::FaultBook faults;
    proxy::Entrance entrance{"127.0.0.1:4040", std::nullopt, false};
    std::string scheme = "https";
    std::unique_ptr<proxy::Pool> pool;
    std::vector<std::unique_ptr<App>> apps; ///< gone before the pool is
};

} // namespace alert40::test
