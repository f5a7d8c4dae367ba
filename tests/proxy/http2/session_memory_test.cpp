#include "proxy/http2/session_memory.hpp"

#include "app_scene.hpp"
#include "support/catch.hpp"

#include <sys/mman.h>
#include <unistd.h>

using namespace alert40;
using namespace alert40::test;

namespace {

bool is_resident(void* page) {
    unsigned char in_memory = 0;
    REQUIRE(::mincore(page, 1, &in_memory) == 0);
    return (in_memory & 1) != 0;
}

} // namespace

TEST_CASE("a resting session gives back whole pages of zeros, and no others") {
    proxy::http2::SessionMemory memory;
    auto const all = memory.allocator();
    auto const size = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    auto* const table = static_cast<char*>(all.calloc(2, size / 2, all.mem_user_data));
    REQUIRE(table);
    table[size / 2] = 1;
    memory.rest();
    CHECK(table[size / 2] == 1);

    table[size / 2] = 0;
    CHECK(is_resident(table));
    memory.rest();
    CHECK_FALSE(is_resident(table));
    CHECK(table[size / 2] == 0);
    all.free(table, all.mem_user_data);
    memory.rest(); // nothing
}

TEST_CASE("a connection that has rested goes on as before") {
    AppScene scene;
    for (std::size_t round = 0; round < 3; ++round) {
        auto const id = scene.get();
        scene.origin[round].respond(200, {{"x-round", std::to_string(round)}}, true);
        scene.settle();
        CHECK(scene.app[id]["x-round"] == std::to_string(round));
        scene.time_passes(std::chrono::seconds{1});
    }
}

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
