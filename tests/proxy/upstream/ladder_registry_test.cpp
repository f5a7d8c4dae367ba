#include "proxy/upstream/ladder_registry.hpp"

#include "support/catch.hpp"

#include <atomic>
#include <thread>

using namespace alert40;
using proxy::LadderRegistry;

namespace {

LadderRegistry::Follower counting(std::atomic<int>& called) {
    return [&called](LadderRegistry::Outcome) { ++called; };
}

policy::LadderMemory::Entry entry(std::size_t step, std::string host = "a.test") {
    auto const now = LadderRegistry::Clock::now();
    return {.host = std::move(host),
            .ladder = "standard",
            .step = step,
            .profile = "p",
            .reason = {},
            .learned = now,
            .expires = now + std::chrono::hours{1}};
}

} // namespace

TEST_CASE("the first one leads, the others follow until it has settled, once") {
    LadderRegistry registry;
    int const a = 0, b = 0;
    std::atomic<int> called = 0;
    CHECK(registry.lead("x", &a, counting(called)));
    CHECK_FALSE(registry.lead("x", &b, counting(called)));
    CHECK_FALSE(registry.lead("x", &b, counting(called)));
    CHECK(registry.lead("y", &b, counting(called)));
    registry.settle("x", {});
    CHECK(called == 2);
    registry.settle("x", {});
    CHECK(called == 2);
    CHECK(registry.lead("x", &b, counting(called)));
}

TEST_CASE("followers hear how it ended") {
    LadderRegistry registry;
    int const owner = 0;
    LadderRegistry::Outcome heard;
    registry.lead("x", &owner, {});
    registry.lead("x", &owner, [&heard](LadderRegistry::Outcome outcome) { heard = std::move(outcome); });
    auto const failed = std::make_shared<std::vector<record::HandshakeRecord> const>(3);
    registry.settle("x", {failed, true});
    CHECK(heard.failed == failed);
    CHECK(heard.loop);
}

TEST_CASE("a follower may lead at once when it is called") {
    LadderRegistry registry;
    int const owner = 0;
    bool leads = false;
    registry.lead("x", &owner, {});
    registry.lead("x", &owner, [&](LadderRegistry::Outcome) { leads = registry.lead("x", &owner, {}); });
    registry.settle("x", {});
    CHECK(leads);
}

TEST_CASE("who has left is not called, nor is anybody after the end") {
    LadderRegistry registry;
    int const leader = 0, stays = 0, leaves = 0;
    std::atomic<int> called = 0, not_called = 0;
    registry.lead("x", &leader, {});
    registry.lead("x", &stays, counting(called));
    registry.lead("x", &leaves, counting(not_called));
    registry.leave(&leaves);
    registry.settle("x", {});
    CHECK(called == 1);
    registry.lead("x", &leader, {});
    registry.lead("x", &stays, counting(not_called));
    registry.close();
    registry.settle("x", {});
    CHECK(not_called == 0);
}

TEST_CASE("many threads: each ladder is run by one at a time, and every follower is called once") {
    LadderRegistry registry;
    std::atomic<int> running = 0, overlaps = 0, led = 0, followed = 0, called = 0;
    auto const work = [&] {
        int const me = 0;
        for (int i = 0; i < 500; ++i) {
            if (!registry.lead("x", &me, counting(called))) {
                ++followed;
                continue;
            }
            if (running.fetch_add(1) != 0) ++overlaps;
            ++led;
            registry.remember("x", entry(1));
            --running;
            registry.settle("x", {});
        }
    };
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back(work);
    for (auto& thread : threads)
        thread.join();
    CHECK(overlaps == 0);
    CHECK(led + followed == 2000);
    CHECK(called == followed);
}

TEST_CASE("only the step that failed is forgotten: another thread may have learned more") {
    LadderRegistry registry;
    registry.remember("x", entry(2));
    CHECK_FALSE(registry.forget_step("x", 1));
    REQUIRE(registry.known("x"));
    CHECK(registry.known("x")->step == 2);
    REQUIRE(registry.forget_step("x", 2));
    CHECK_FALSE(registry.known("x"));
    CHECK_FALSE(registry.forget_step("x", 2));
}

TEST_CASE("what works from the top is known, but was not learned") {
    LadderRegistry registry;
    registry.remember("well", entry(0));
    registry.remember("fallen", entry(1, "b.test"));
    CHECK(registry.known("well"));
    REQUIRE(registry.list().size() == 1);
    CHECK(registry.list()[0].host == "b.test");
    CHECK(registry.forget_host("a.test").empty());
    CHECK_FALSE(registry.known("well"));
    CHECK(registry.forget_host("*").size() == 1);
    CHECK(registry.list().empty());
}
