#include "record/ulid.hpp"
#include "support/catch.hpp"

#include <set>
#include <thread>
#include <vector>

using namespace std::chrono;
using alert40::record::UlidSource;

TEST_CASE("a ULID begins with the time, as the specification's example does") {
    UlidSource source;
    auto const id = source.next(system_clock::time_point{milliseconds{1'469'918'176'385}});
    CHECK(id.size() == 26);
    CHECK(id.substr(0, 10) == "01ARYZ6S41");
    CHECK(id.find_first_not_of("0123456789ABCDEFGHJKMNPQRSTVWXYZ") == std::string::npos);
}

TEST_CASE("each ULID sorts after the one before, whatever the clock does") {
    UlidSource source;
    auto const start = system_clock::time_point{milliseconds{1'700'000'000'000}};
    auto newest = source.next(start);
    for (auto const offset : {0ms, 0ms, 1ms, -5'000ms, 0ms, 2ms, -1ms}) {
        auto const next = source.next(start + offset);
        CHECK(newest < next);
        newest = next;
    }
    CHECK(newest.substr(0, 10) == source.next(start).substr(0, 10));
}

TEST_CASE("threads never draw the same ULID, and each sees its own grow") {
    std::vector<std::vector<std::string>> drawn(4);
    std::vector<std::thread> threads;
    for (auto& mine : drawn)
        threads.emplace_back([&mine] {
            for (int i = 0; i < 2'000; ++i)
                mine.push_back(alert40::record::new_ulid());
        });
    for (auto& thread : threads)
        thread.join();
    std::set<std::string> all;
    for (auto const& mine : drawn) {
        CHECK(std::is_sorted(mine.begin(), mine.end()));
        all.insert(mine.begin(), mine.end());
    }
    CHECK(all.size() == 8'000);
}
