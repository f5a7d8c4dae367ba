#include "net/loop/deadline.hpp"

#include "net/loop/event_loop.hpp"
#include "support/catch.hpp"

#include <chrono>
#include <memory>
#include <string>

using namespace std::chrono_literals;
using alert40::net::Deadline;
using alert40::net::EventLoop;

TEST_CASE("a deadline passes once") {
    EventLoop loop;
    Deadline deadline{loop};
    int passed = 0;
    deadline.arm(0ms, [&] { ++passed; });
    CHECK(deadline.armed());
    CHECK(passed == 0);
    Deadline end{loop};
    end.arm(5ms, [&] { loop.stop(); });
    loop.run();
    CHECK(passed == 1);
    CHECK_FALSE(deadline.armed());
}

TEST_CASE("armed anew, only the last one counts") {
    EventLoop loop;
    Deadline deadline{loop};
    std::string passed;
    deadline.arm(0ms, [&] { passed += 'a'; });
    deadline.arm(1h, [&] { passed += 'b'; });
    deadline.arm(1ms, [&] {
        passed += 'c';
        deadline.arm(0ms, [&] {
            passed += 'd';
            loop.stop();
        });
    });
    loop.run();
    CHECK(passed == "cd");
}

TEST_CASE("disarmed or gone, it does not pass, even where its moment has come already") {
    EventLoop loop;
    Deadline disarmed{loop};
    auto gone = std::make_unique<Deadline>(loop);
    Deadline end{loop};
    // all three are due in the same turn
    end.arm(0ms, [&] {
        disarmed.disarm();
        gone.reset();
        end.arm(1ms, [&] { loop.stop(); });
    });
    disarmed.arm(0ms, [] { FAIL("passed though disarmed"); });
    gone->arm(0ms, [] { FAIL("passed though gone"); });
    loop.run();
}
