#include "proxy/tunnel/pass_connection.hpp"

#include "proxy/message/limits.hpp"
#include "raw_scene.hpp"
#include "support/catch.hpp"

using namespace alert40;
using namespace alert40::test;

namespace {

struct Scene : RawScene {
    explicit Scene(std::string_view waiting = "hello", std::string const& host = "origin.test")
        : RawScene([=](proxy::DownstreamParts parts) {
            auto const* const bytes = reinterpret_cast<std::uint8_t const*>(waiting.data());
            parts.stream->push_back({bytes, waiting.size()});
            return proxy::make_pass_connection(std::move(parts), {"https", host, 443});
        }) {
        settle();
    }
};

} // namespace

TEST_CASE("it asks for its target by itself, and passes what waits in the stream") {
    Scene scene;
    CHECK(scene.asked_for == "CONNECT origin.test:443");
    CHECK(scene.asked->request().admitted);
    scene.grant();
    CHECK(scene.app.hear().empty()); // nobody asked us for anything
    CHECK(scene.target.hear() == "hello");
    scene.says(" again");
    CHECK(scene.target.hear() == " again");
    scene.target_says("welcome");
    CHECK(scene.app.hear() == "welcome");
    scene.target_ends();
    CHECK(scene.app.ended);
}

TEST_CASE("an app that has said nothing is connected all the same: the server may speak first") {
    Scene scene("");
    CHECK(scene.asked);
    scene.grant();
    scene.target_says("220 ready");
    CHECK(scene.app.hear() == "220 ready");
}

TEST_CASE("an address of IPv6 is asked for in brackets") {
    Scene const scene("hello", "2001:db8::1");
    CHECK(scene.asked_for == "CONNECT [2001:db8::1]:443");
}

TEST_CASE("a refusal is an alert, which is all that TLS can be told") {
    Scene scene;
    scene.refuse(502);
    CHECK(scene.app.hear() == std::string("\x15\x03\x01\x00\x02\x02\x50", 7));
    CHECK(scene.app.ended);
}

TEST_CASE("an app that takes the target's last words slowly gets all of them, however long that takes") {
    Scene scene;
    scene.grant();
    scene.app.reading = false;
    std::string const much(2 << 20, 'x');
    scene.target_says(much);
    scene.target_ends();
    auto const nearly = proxy::limits::stalled_output - std::chrono::seconds{1};
    for (auto late = nearly; !scene.app.ended; late += nearly) {
        scene.time_passes(late);
        scene.app.reading = true;
        scene.app.pump();
        scene.app.reading = false;
        scene.settle();
    }
    CHECK((scene.app.heard == much));
}
