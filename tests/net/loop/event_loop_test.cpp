#include "net/loop/event_loop.hpp"
#include "support/catch.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <deque>
#include <string>
#include <thread>
#include <vector>

using namespace alert40::net;

namespace {

struct Pair {
    std::array<int, 2> fds{-1, -1};

    Pair() { REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds.data()) == 0); }

    ~Pair() {
        for (int const fd : fds)
            ::close(fd);
    }

    void say(char const* text) const { REQUIRE(::write(fds[1], text, 1) == 1); }
};

struct Reader final : Watched {
    EventLoop& loop;
    int fd;
    std::string seen;
    std::function<void(Reader&)> then = [](Reader& reader) { reader.loop.stop(); };
    bool leave = false; ///< do not read

    Reader(EventLoop& in, int of)
        : loop(in)
        , fd(of) {}

    void on_ready(bool readable, bool, bool) override {
        char byte = 0;
        if (readable && !leave && ::read(fd, &byte, 1) == 1) seen += byte;
        then(*this);
    }
};

struct Flusher final : Flushable {
    std::string& log;
    char name;
    std::function<void()> also = [] {};

    Flusher(std::string& to, char as)
        : log(to)
        , name(as) {}

    void flush() override {
        log += name;
        also();
    }
};

} // namespace

TEST_CASE("a level-triggered socket is reported until it has been read") {
    EventLoop loop;
    Pair pair;
    Reader reader(loop, pair.fds[0]);
    reader.leave = true;
    int reports = 0;
    reader.then = [&](Reader& self) {
        if (++reports == 3) self.leave = false;
        if (!self.seen.empty()) loop.stop();
    };
    loop.watch(reader.fd, reader, true, false);
    pair.say("x");
    loop.run();
    CHECK(reader.seen == "x");
    CHECK(reports == 4);
    loop.unwatch(reader.fd, reader);
}

TEST_CASE("a socket that is unwatched in the turn in which it is ready hears nothing") {
    EventLoop loop;
    Pair a, b;
    Reader first(loop, a.fds[0]), second(loop, b.fds[0]);
    first.then = [&](Reader&) {
        loop.unwatch(second.fd, second);
        loop.unwatch(first.fd, first);
    };
    second.then = [&](Reader&) {
        loop.unwatch(second.fd, second);
        loop.unwatch(first.fd, first);
    };
    loop.watch(first.fd, first, true, false);
    loop.watch(second.fd, second, true, false);
    a.say("a");
    b.say("b");
    loop.post([&] { loop.post([&] { loop.post([&] { loop.stop(); }); }); });
    loop.run();
    CHECK(first.seen.size() + second.seen.size() == 1);
}

TEST_CASE("what was written to in a turn is flushed once, and what a flush writes to as well") {
    EventLoop loop;
    std::string log;
    Flusher a(log, 'a'), b(log, 'b');
    a.also = [&] { loop.flush_soon(b); };
    loop.post([&] {
        loop.flush_soon(a);
        loop.flush_soon(a);
        loop.flush_soon(b);
        log += '.';
    });
    loop.post([&] { loop.stop(); });
    loop.run();
    CHECK((log == ".ab" || log == ".abb"));
}

TEST_CASE("what was written to before the loop runs is flushed too") {
    EventLoop loop;
    std::string log;
    Flusher a(log, 'a');
    loop.flush_soon(a);
    a.also = [&] { loop.stop(); };
    loop.run();
    CHECK(log == "a");
}

TEST_CASE("a flushable that is destroyed before the end of the turn is forgotten") {
    EventLoop loop;
    std::string log;
    loop.post([&] {
        Flusher gone(log, 'x');
        loop.flush_soon(gone);
    });
    loop.post([&] { loop.stop(); });
    loop.run();
    CHECK(log.empty());
}

TEST_CASE("destroy_later waits for the end of the turn") {
    struct Mourned {
        std::string& log;

        ~Mourned() { log += "gone"; }
    };

    EventLoop loop;
    std::string log;
    loop.post([&] {
        loop.destroy_later(std::unique_ptr<Mourned>(new Mourned{log}));
        log += "here ";
    });
    loop.post([&] { loop.stop(); });
    loop.run();
    CHECK(log == "here gone");
}

TEST_CASE("ticks come until they are stopped, and one may stop itself") {
    struct Ticker final : Ticking {
        EventLoop& loop;
        int ticks = 0;
        int last;

        Ticker(EventLoop& in, int until)
            : loop(in)
            , last(until) {}

        void on_tick(std::chrono::steady_clock::time_point) override {
            if (++ticks == last) loop.stop_ticks(*this);
        }
    };

    EventLoop loop;
    Ticker once(loop, 1), twice(loop, 2), thrice(loop, 3);
    for (auto* ticker : {&once, &twice, &thrice})
        loop.start_ticks(*ticker);

    struct Stop final : Ticking {
        EventLoop& loop;
        int ticks = 0;

        explicit Stop(EventLoop& in)
            : loop(in) {}

        void on_tick(std::chrono::steady_clock::time_point) override {
            if (++ticks == 4) loop.stop();
        }
    } stop(loop);

    loop.start_ticks(stop);
    loop.run();
    CHECK(once.ticks == 1);
    CHECK(twice.ticks == 2);
    CHECK(thrice.ticks == 3);
}

TEST_CASE("post comes from any thread") {
    EventLoop loop;
    int count = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&] {
            for (int i = 0; i < 1000; ++i)
                loop.post([&] {
                    if (++count == 4000) loop.stop();
                });
        });
    loop.run();
    for (auto& thread : threads)
        thread.join();
    CHECK(count == 4000);
}

TEST_CASE("the last words of what is destroyed are flushed in the same turn") {
    EventLoop loop;

    struct Listener final : Flushable {
        void flush() override { ++flushed; }

        int flushed = 0;
    } listener;

    struct Speaker {
        ~Speaker() { loop.flush_soon(listener); }

        EventLoop& loop;
        Flushable& listener;
    };

    loop.post([&] { loop.destroy_later(std::unique_ptr<Speaker>(new Speaker{loop, listener})); });
    loop.post([&] {
        CHECK(listener.flushed == 1);
        loop.stop();
    });
    loop.run();
    CHECK(listener.flushed == 1);
}

TEST_CASE("the more answers are awaited, the longer a turn gathers, up to a limit") {
    EventLoop loop;
    std::deque<Awaiting> answers;
    auto const pause_with = [&](std::size_t awaited) {
        while (answers.size() < awaited)
            answers.emplace_back(loop);
        CHECK(loop.awaited() == awaited);
        loop.turn(std::chrono::milliseconds{0});
        auto const before = loop.now();
        loop.post([] {});
        loop.turn(std::chrono::milliseconds{1});
        return loop.now() - before;
    };
    CHECK(pause_with(50) >= std::chrono::microseconds{100});
    CHECK(pause_with(1000) >= std::chrono::microseconds{400});
    answers.clear();
    CHECK(loop.awaited() == 0);
}
