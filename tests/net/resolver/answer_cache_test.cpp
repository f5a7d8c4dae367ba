#include "net/resolver/answer_cache.hpp"

#include "support/catch.hpp"

#include <chrono>
#include <string>

using namespace std::chrono_literals;
using alert40::net::AnswerCache;

namespace {

constexpr AnswerCache::Clock::time_point start{};

} // namespace

TEST_CASE("an answer is known until its TTL is over") {
    AnswerCache cache;
    cache.keep("a.test", {{"192.0.2.1"}}, 10s, start);
    REQUIRE(cache.find("a.test", start + 9s));
    CHECK(cache.find("a.test", start + 9s)->front().address == "192.0.2.1");
    CHECK_FALSE(cache.find("a.test", start + 10s));
    CHECK_FALSE(cache.find("b.test", start));
}

TEST_CASE("a TTL of zero is not kept, and a long one not for ever") {
    AnswerCache cache;
    cache.keep("zero.test", {{"192.0.2.1"}}, 0s, start);
    cache.keep("long.test", {{"192.0.2.1"}}, 2'000'000'000s, start);
    CHECK_FALSE(cache.find("zero.test", start));
    CHECK(cache.find("long.test", start + AnswerCache::longest - 1s));
    CHECK_FALSE(cache.find("long.test", start + AnswerCache::longest));
}

TEST_CASE("the answer that ends first makes room") {
    AnswerCache cache;
    cache.keep("short.test", {{"192.0.2.1"}}, 1s, start);
    for (std::size_t i = 0; i + 1 < AnswerCache::most_names; ++i)
        cache.keep(std::to_string(i) + ".test", {{"192.0.2.1"}}, 100s, start);
    REQUIRE(cache.find("short.test", start));
    cache.keep("0.test", {{"192.0.2.2"}}, 100s, start); // known: needs no room
    CHECK(cache.find("short.test", start));
    cache.keep("new.test", {{"192.0.2.1"}}, 100s, start);
    CHECK(cache.find("new.test", start));
    CHECK_FALSE(cache.find("short.test", start));
    CHECK(cache.find("0.test", start)->front().address == "192.0.2.2");
}
