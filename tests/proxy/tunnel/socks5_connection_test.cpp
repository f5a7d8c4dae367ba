#include "proxy/tunnel/socks5_connection.hpp"

#include "raw_scene.hpp"
#include "support/bytes.hpp"
#include "support/catch.hpp"

using namespace alert40;
using namespace alert40::test;
namespace limits = proxy::limits;

namespace {

std::string hex(std::string_view text) {
    auto const bytes = tests::hex(text);
    return {bytes.begin(), bytes.end()};
}

std::string const greeting = hex("05 01 00");
std::string const method_none = hex("05 00");
std::string const to_origin = hex("05 01 00 03 0b 6f726967696e2e74657374 01bb");
std::string const succeeded = hex("05 00 00 01 00000000 0000");

std::string failed(std::uint8_t code) {
    auto reply = succeeded;
    reply[1] = static_cast<char>(code);
    return reply;
}

struct Scene : RawScene {
    explicit Scene(std::vector<std::string> credentials = {})
        : RawScene(proxy::make_socks5_connection, std::move(credentials)) {}
};

/// Up to the open tunnel.
struct OpenScene : Scene {
    OpenScene() {
        says(greeting + to_origin);
        grant();
        app.hear();
    }
};

} // namespace

TEST_CASE("SOCKS5 asks for a tunnel, however its bytes are cut") {
    auto const all = greeting + to_origin + "hello";
    for (std::size_t cut = 0; cut <= all.size(); ++cut) {
        CAPTURE(cut);
        Scene scene;
        scene.says(all.substr(0, cut));
        scene.says(all.substr(cut));
        CHECK(scene.app.hear() == method_none);
        CHECK(scene.asked_for == "CONNECT origin.test:443");
        scene.grant();
        CHECK(scene.app.hear() == succeeded);
        CHECK(scene.target.hear() == "hello");
    }
}

TEST_CASE("addresses are asked for as literals") {
    Scene scene;
    scene.says(greeting);
    SECTION("IPv4") {
        scene.says(hex("05 01 00 01 c0000207 01bb"));
        CHECK(scene.asked_for == "CONNECT 192.0.2.7:443");
    }
    SECTION("IPv6") {
        scene.says(hex("05 01 00 04 20010db8 00000000 00000000 00000001 20fb"));
        CHECK(scene.asked_for == "CONNECT [2001:db8::1]:8443");
    }
}

TEST_CASE("the method of a greeting") {
    SECTION("of a listener that wants nothing") {
        Scene scene;
        CHECK(scene.answer(hex("05 02 00 02")) == hex("05 00"));
    }
    SECTION("the app has a password only: any will do") {
        Scene scene;
        CHECK(scene.answer(hex("05 01 02")) == hex("05 02"));
        CHECK(scene.answer(hex("01 01 61 01 62")) == hex("01 00"));
        scene.says(to_origin);
        CHECK(scene.asked);
    }
    SECTION("of a listener that wants credentials") {
        Scene scene{{"alice:secret"}};
        CHECK(scene.answer(hex("05 02 00 02")) == hex("05 02"));
    }
    SECTION("which the app does not offer") {
        Scene scene{{"alice:secret"}};
        CHECK(scene.answer(greeting + to_origin) == hex("05 ff"));
        CHECK(scene.app.ended);
        CHECK_FALSE(scene.asked);
    }
    SECTION("none that we know") {
        Scene scene;
        CHECK(scene.answer(hex("05 02 01 80")) == hex("05 ff"));
        CHECK(scene.app.ended);
    }
}

TEST_CASE("credentials are checked where a listener has some") {
    Scene scene{{"bob:other", "alice:secret"}};
    scene.answer(hex("05 01 02"));
    SECTION("right") {
        CHECK(scene.answer(hex("01 05 616c696365 06 736563726574") + to_origin) == hex("01 00"));
        CHECK(scene.asked_for == "CONNECT origin.test:443");
        CHECK(scene.asked->request().admitted); // HTTP has nothing to ask any more
    }
    SECTION("wrong") {
        auto const* const wrong = GENERATE("01 05 616c696365 05 6f74686572", // alice:other
                                           "01 00 00", "01 0c 616c6963653a736563726574 00");
        CHECK(scene.answer(hex(wrong) + to_origin) == hex("01 01"));
        CHECK(scene.app.ended);
        CHECK_FALSE(scene.asked);
    }
}

TEST_CASE("what is not served is told so, and the connection ends") {
    Scene scene;
    scene.answer(greeting);
    SECTION("BIND") {
        CHECK(scene.answer(hex("05 02 00 01 c0000207 01bb")) == failed(7));
    }
    SECTION("UDP ASSOCIATE") {
        CHECK(scene.answer(hex("05 03 00 01 c0000207 01bb")) == failed(7));
    }
    SECTION("an unknown address type") {
        CHECK(scene.answer(hex("05 01 00 05 01 02")) == failed(8));
    }
    SECTION("no SOCKS5 any more") {
        CHECK(scene.answer(hex("04 01 00 01 02")).empty());
    }
    CHECK(scene.app.ended);
    CHECK_FALSE(scene.asked);
    scene.app.close();
    scene.settle();
    CHECK(scene.is_closed);
}

TEST_CASE("a target that is refused is a reply") {
    Scene scene;
    scene.answer(greeting + to_origin);
    auto const [status, code] =
        GENERATE(table<std::uint16_t, std::uint8_t>({{403, 2}, {502, 5}, {504, 4}, {400, 1}}));
    scene.refuse(status);
    CHECK(scene.app.hear() == failed(code)); // and none of the words that HTTP would have
    CHECK(scene.app.ended);
    scene.app.close();
    scene.settle();
    CHECK(scene.is_closed);
}

TEST_CASE("an intercepted target gets the stream, with what was read too far") {
    Scene scene;
    scene.intercept_as = policy::Origin{"https", "origin.test", 443};
    CHECK(scene.answer(greeting + to_origin + "\x16\x03\x01") == method_none + succeeded);
    CHECK(scene.intercepted == scene.intercept_as);
    CHECK(scene.left_in_stream == "\x16\x03\x01");
}

TEST_CASE("what an app says before the reply waits, bounded") {
    Scene scene;
    scene.says(greeting + to_origin);
    scene.says(std::string(4 << 20, 'x'));
    CHECK(scene.app.stuck() > 0);
    scene.target.full = true;
    scene.grant();
    CHECK(scene.app.stuck() > 0);
    CHECK(scene.target.heard.size() < 64 * 1024);
    scene.target.full = false;
    scene.asked->responder_drained();
    scene.settle();
    CHECK((scene.target.heard == std::string(4 << 20, 'x')));
}

TEST_CASE("bytes pass both ways, and the app may end its half first") {
    OpenScene scene;
    scene.says("ping");
    CHECK(scene.target.hear() == "ping");
    scene.target_says("pong");
    CHECK(scene.app.hear() == "pong");
    scene.app.finish();
    scene.settle();
    CHECK(scene.target.ended);
    CHECK_FALSE(scene.is_closed);
    scene.target_says("late");
    CHECK(scene.app.hear() == "late");
    scene.target_ends();
    CHECK(scene.app.ended);
    scene.time_passes(limits::leave_time);
    CHECK(scene.is_closed);
}

TEST_CASE("the target ends first: what the app still says is dropped, and its end awaited") {
    OpenScene scene;
    scene.target_ends();
    CHECK(scene.app.ended);
    scene.says("too late");
    CHECK_FALSE(scene.is_closed);
    SECTION("its end") {
        scene.app.finish();
        scene.settle();
    }
    SECTION("not forever") {
        scene.time_passes(limits::leave_time);
    }
    CHECK(scene.is_closed);
    CHECK(scene.target.heard.empty());
}

TEST_CASE("an app that reads slowly gets all that the target said before its end") {
    OpenScene scene;
    std::string const much(4 << 20, 'x');
    scene.app.reading = false;
    scene.target_says(much);
    CHECK(scene.asked->response_congested());
    scene.target_ends();
    bool const app_ends = GENERATE(true, false);
    if (app_ends) scene.app.finish();
    scene.settle();
    scene.time_passes(limits::leave_time);
    CHECK_FALSE(scene.is_closed);
    scene.app.reading = true;
    scene.settle();
    CHECK((scene.app.heard == much));
    CHECK(scene.app.ended);
    scene.time_passes(limits::leave_time);
    CHECK(scene.is_closed);
}

TEST_CASE("an app that takes nothing pauses the target, and is waited for no longer than any other") {
    OpenScene scene;
    scene.app.reading = false;
    scene.target_says(std::string(4 << 20, 'x'));
    CHECK(scene.asked->response_congested());
    SECTION("until it reads") {
        scene.app.reading = true;
        scene.settle();
        CHECK(scene.target.asked_for_more > 0);
        CHECK_FALSE(scene.asked->response_congested());
    }
    SECTION("after the end") {
        scene.target_ends();
        scene.time_passes(limits::stalled_output - std::chrono::seconds{1});
        CHECK_FALSE(scene.is_closed);
        scene.time_passes(limits::stalled_output);
        CHECK(scene.is_closed);
    }
}

TEST_CASE("a target that breaks cuts the app off") {
    OpenScene scene;
    scene.asked->responder_failed(
        {tls::By::upstream, tls::Phase::after, tls::FailureKind::reset, std::nullopt, ""}, false);
    scene.settle();
    CHECK(scene.is_closed);
    CHECK((scene.app.ended || scene.app.reset)); // a pair of local sockets knows no reset
}

TEST_CASE("an app that goes is taken leave of, in every stage") {
    SECTION("talking") {
        Scene scene;
        scene.says(greeting);
        scene.app.close();
        scene.settle();
        CHECK(scene.is_closed);
    }
    SECTION("asking: noticed at the latest when the answer comes") {
        Scene scene;
        scene.says(greeting + to_origin);
        scene.app.close();
        scene.settle();
        if (!scene.is_closed) scene.grant();
        CHECK(scene.is_closed);
        CHECK((scene.withdrawn || scene.target.cancelled || scene.target.ended));
    }
    SECTION("passing") {
        OpenScene scene;
        scene.app.close();
        scene.settle();
        CHECK((scene.target.ended || scene.target.cancelled));
    }
}

TEST_CASE("a drain ends what is no tunnel yet, and leaves tunnels alone") {
    SECTION("talking") {
        Scene scene;
        scene.says(greeting);
        scene.downstream->drain();
        CHECK(scene.is_closed);
    }
    SECTION("asking") {
        Scene scene;
        scene.says(greeting + to_origin);
        scene.downstream->drain();
        CHECK(scene.is_closed);
        CHECK(scene.withdrawn);
    }
    SECTION("passing") {
        OpenScene scene;
        scene.downstream->drain();
        CHECK_FALSE(scene.is_closed);
        scene.says("still");
        CHECK(scene.target.hear() == "still");
    }
}

TEST_CASE("the request has as long as the head of one in HTTP; a tunnel may be silent for ever") {
    Scene scene;
    scene.says(greeting);
    auto const begun = limits::request_head_time;
    SECTION("too slow") {
        scene.time_passes(begun - std::chrono::seconds{1});
        CHECK_FALSE(scene.is_closed);
        scene.time_passes(begun);
        CHECK(scene.is_closed);
    }
    SECTION("asked for") {
        scene.says(to_origin);
        scene.time_passes(10 * begun);
        CHECK_FALSE(scene.is_closed);
        scene.grant();
        scene.time_passes(10 * begun);
        CHECK_FALSE(scene.is_closed);
    }
}
