#include "proxy/exchange/last_words.hpp"

#include "net/loop/event_loop.hpp"
#include "proxy/message/limits.hpp"
#include "support/catch.hpp"
#include "support/wire.hpp"

#include <string>

using namespace alert40;

namespace {

/// An app on a wire to which "bye" is still to be said.
struct Scene final : proxy::DownstreamHost {
    Scene() {
        auto stream =
            std::make_unique<net::ByteStream>(loop, net::Socket{app.our_end()}, nullptr, tls::By::downstream);
        stream->output().append({reinterpret_cast<std::uint8_t const*>("bye"), 3});
        said = std::make_unique<proxy::LastWords>(std::move(stream), *this);
        settle();
    }

    void settle() {
        test::settle_all(loop, [this] { return app.pump(); });
    }

    void closed(proxy::Downstream&) override { loop.destroy_later(std::move(said)); }

    void upgrade(proxy::Downstream&, std::unique_ptr<net::ByteStream>, proxy::Http2Upgrade) override {}

    void intercept(proxy::Downstream&, std::unique_ptr<net::ByteStream>, policy::Origin const&) override {}

    net::EventLoop loop;
    test::Wire app;
    std::unique_ptr<proxy::LastWords> said;
};

} // namespace

TEST_CASE("what was said last arrives with its end, whatever the app still sends") {
    Scene scene;
    CHECK(scene.app.heard == "bye");
    CHECK(scene.app.ended);
    scene.app.say(std::string(100'000, 'x'));
    scene.settle();
    CHECK(scene.said); // it may send more
    scene.app.finish();
    scene.settle();
    CHECK_FALSE(scene.said);
    CHECK_FALSE(scene.app.reset);
}

TEST_CASE("an app that never hangs up is left after a while") {
    Scene scene;
    scene.said->on_tick(scene.loop.now());
    CHECK(scene.said);
    scene.said->on_tick(scene.loop.now() + proxy::limits::leave_time);
    CHECK_FALSE(scene.said);
}
