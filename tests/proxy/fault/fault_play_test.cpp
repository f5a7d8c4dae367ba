#include "proxy/fault/fault_play.hpp"

#include "net/loop/event_loop.hpp"
#include "proxy/message/limits.hpp"
#include "record/memory_sink.hpp"
#include "support/catch.hpp"
#include "support/wire.hpp"

#include <memory>
#include <optional>
#include <string>
#include <variant>

using namespace alert40;
using policy::FaultAction;
using policy::FaultPoint;
namespace fault = policy::fault;

namespace {

/// An app on a wire that has said "hello", and what becomes of it.
struct Scene final : proxy::FaultPlay::Host {
    explicit Scene(std::vector<FaultAction> actions, FaultPoint at = FaultPoint::client_hello) {
        auto own =
            std::make_unique<net::ByteStream>(loop, net::Socket{app.our_end()}, nullptr, tls::By::downstream);
        own->push_back({reinterpret_cast<std::uint8_t const*>("hello"), 5});
        auto entrance = std::make_shared<proxy::Entrance>();
        entrance->bound = "127.0.0.1:4040";
        play = std::make_unique<proxy::FaultPlay>(
            std::move(own),
            proxy::FaultPlay::Victim{entrance, policy::Origin{"https", "origin.test", 443}, nullptr},
            proxy::Blow{at, std::move(actions), "broken"}, sink, *this);
        settle();
    }

    void settle() {
        test::settle_all(loop, [this] { return app.pump(); });
    }

    void play_over(proxy::FaultPlay&, std::unique_ptr<net::ByteStream> its,
                   policy::Origin const& to) override {
        stream = std::move(its);
        target = to;
        loop.destroy_later(std::move(play));
    }

    void play_closed(proxy::FaultPlay&) override {
        closed = true;
        loop.destroy_later(std::move(play));
    }

    record::HandshakeRecord record() const {
        auto const all = sink.recent();
        REQUIRE(all.size() == 1);
        return std::get<record::HandshakeRecord>(all.front());
    }

    net::EventLoop loop;
    test::Wire app;
    record::MemorySink sink;
    std::unique_ptr<proxy::FaultPlay> play;
    std::unique_ptr<net::ByteStream> stream;
    std::optional<policy::Origin> target;
    bool closed = false;
};

} // namespace

TEST_CASE("a fatal alert is one record on the wire, and then the end") {
    Scene scene({fault::Alert{}});
    CHECK(scene.app.heard == std::string("\x15\x03\x01\x00\x02\x02\x28", 7));
    auto const record = scene.record();
    CHECK(record.injected_by == "broken");
    REQUIRE(record.failure);
    CHECK(record.failure->by == tls::By::injected);
    CHECK(record.failure->phase == tls::Phase::client_hello);
    CHECK(record.failure->alert ==
          tls::Alert{tls::AlertLevel::fatal, tls::AlertDescription::handshake_failure, tls::Direction::sent});
    CHECK_FALSE(scene.closed); // until the app has seen it
    scene.play->on_tick(scene.loop.now() + proxy::limits::leave_time);
    CHECK(scene.closed);
}

TEST_CASE("a warning goes before what was meant, and nothing that the app said is lost") {
    Scene scene({fault::Alert{tls::AlertLevel::warning, tls::AlertDescription::unrecognized_name}});
    CHECK(scene.app.heard == std::string("\x15\x03\x01\x00\x02\x01\x70", 7));
    REQUIRE(scene.stream);
    CHECK(scene.target == policy::Origin{"https", "origin.test", 443});
    std::array<std::uint8_t, 16> said{};
    CHECK(scene.stream->read(said).bytes == 5);
    auto const record = scene.record();
    CHECK(record.outcome == record::Outcome::passed);
    CHECK(record.notes ==
          std::vector<std::string>{"injected: alert 112 unrecognized_name (warning) at client_hello"});
}

TEST_CASE("silence takes what comes and says nothing, until the app goes") {
    Scene scene({fault::Silence{}});
    scene.app.say("more, and more");
    scene.settle();
    scene.play->on_tick(scene.loop.now() + proxy::limits::silence - std::chrono::seconds{1});
    CHECK(scene.app.heard.empty());
    CHECK_FALSE(scene.closed);
    scene.app.finish();
    scene.settle();
    CHECK(scene.closed);
}

TEST_CASE("a reset at connect is over at once") {
    Scene scene({fault::Reset{}}, FaultPoint::connect);
    CHECK(scene.closed);
    auto const record = scene.record();
    CHECK(record.failure->phase == tls::Phase::connect);
    CHECK(record.failure->kind == tls::FailureKind::reset);
}

TEST_CASE("a drain ends what only waits") {
    Scene scene({fault::Silence{}});
    scene.play->drain();
    CHECK(scene.closed);
}
