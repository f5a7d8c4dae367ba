#include "app_scene.hpp"
#include "support/catch.hpp"

using namespace alert40;
using namespace alert40::test;

TEST_CASE("connections of a thread build their frames in one buffer, and do not disturb each other") {
    AppScene one;
    AppScene other;
    Pairs long_head;
    for (int i = 0; i < 5; ++i)
        long_head.emplace_back("x-" + std::to_string(i), std::string(9'000, '~')); // CONTINUATION
    for (int round = 0; round < 3; ++round) {
        auto const first = one.app.request(
            {{":method", "GET"}, {":scheme", "http"}, {":authority", "a.test"}, {":path", "/"}});
        auto const second = other.app.request(
            {{":method", "GET"}, {":scheme", "http"}, {":authority", "a.test"}, {":path", "/"}});
        for (int i = 0; i < 5; ++i) { // in turns, frame by frame
            one.app.pump();
            other.app.pump();
            one.stage.turn();
            other.stage.turn();
        }
        auto const n = static_cast<std::size_t>(round);
        one.origin[n].respond(200, long_head);
        other.origin[n].respond(200, {{"short", "1"}});
        one.origin[n].send("one");
        other.origin[n].send("other");
        one.origin[n].finish();
        other.origin[n].finish();
        other.settle();
        one.settle();
        CHECK(one.app[first]["x-4"] == std::string(9'000, '~'));
        CHECK(one.app[first].body == "one");
        CHECK(other.app[second]["short"] == "1");
        CHECK(other.app[second].body == "other");
    }
}
