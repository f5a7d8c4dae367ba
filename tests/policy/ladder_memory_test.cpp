#include "policy/ladder_memory.hpp"
#include "support/catch.hpp"

using namespace alert40::policy;
using namespace std::chrono_literals;

namespace {

LadderMemory::Clock::time_point const start{1'000'000s};

LadderMemory::Entry entry(std::string host, std::chrono::seconds life) {
    LadderMemory::Entry one;
    one.host = std::move(host);
    one.ladder = "standard";
    one.step = 1;
    one.profile = "http1";
    one.learned = start;
    one.expires = start + life;
    return one;
}

} // namespace

TEST_CASE("what was learned is found until it expires") {
    LadderMemory memory;
    memory.remember("a", entry("a.test", 10s));
    CHECK(memory.find("a", start)->profile == "http1");
    CHECK(memory.find("a", start + 9s));
    CHECK_FALSE(memory.find("a", start + 10s));
    CHECK_FALSE(memory.find("b", start));
    CHECK(memory.list(start).size() == 1);
    CHECK(memory.list(start + 10s).empty());
}

TEST_CASE("what has expired is dropped and handed out once, for the log") {
    LadderMemory memory;
    memory.remember("a", entry("a.test", 10s));
    memory.remember("b", entry("b.test", 20s));
    auto const gone = memory.expire(start + 15s);
    REQUIRE(gone.size() == 1);
    CHECK(gone[0].host == "a.test");
    CHECK(memory.expire(start + 15s).empty());
    CHECK(memory.list(start).size() == 1);
}

TEST_CASE("a host is forgotten with all its entries, or everything with \"*\"") {
    LadderMemory memory;
    memory.remember("a:443", entry("a.test", 10s));
    memory.remember("a:8443", entry("a.test", 10s));
    memory.remember("b", entry("b.test", 10s));
    memory.remember("c", entry("c.test", 10s));
    CHECK(memory.forget("a.test") == 2);
    CHECK(memory.forget("a.test") == 0);
    memory.forget_key("b");
    CHECK_FALSE(memory.find("b", start));
    CHECK(memory.forget("*") == 1);
    CHECK(memory.list(start).empty());
}

TEST_CASE("the memory is bounded: the entry that expires first makes room") {
    LadderMemory memory(2);
    memory.remember("late", entry("late.test", 30s));
    memory.remember("early", entry("early.test", 10s));
    memory.remember("early", entry("early.test", 11s));
    CHECK(memory.list(start).size() == 2);
    memory.remember("new", entry("new.test", 5s));
    CHECK_FALSE(memory.find("early", start));
    CHECK(memory.find("late", start));
    CHECK(memory.find("new", start));

    LadderMemory none(0);
    none.remember("a", entry("a.test", 10s));
    CHECK(none.list(start).empty());
}
