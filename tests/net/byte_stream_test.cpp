#include "net/byte_stream.hpp"
#include "support/catch.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <functional>
#include <string>
#include <utility>
#include <vector>

using namespace alert40;
using net::ByteStream;
using tls::engine::Status;

namespace {

/// A byte stream on one end of a socket pair; the test is the peer, on the other end.
struct Scene final : ByteStream::Owner {
    net::EventLoop loop;
    int peer = -1;
    std::unique_ptr<ByteStream> stream;
    std::string received;
    std::string log;
    std::size_t most_a_read = 64 * 1024;
    std::function<void()> on_flush_do = [] {};

    Scene() {
        std::array<int, 2> fds{};
        REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds.data()) == 0);
        peer = fds[1];
        stream = std::make_unique<ByteStream>(loop, net::Socket{fds[0]}, nullptr, tls::By::downstream);
        stream->start(*this);
    }

    ~Scene() {
        if (peer >= 0) ::close(peer);
    }

    void on_readable() override {
        std::string bytes(most_a_read, '\0');
        auto const got = stream->read({reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()});
        if (got.status == Status::ok) received += bytes.substr(0, got.bytes);
        if (got.status == Status::closed) log += "closed ";
        if (got.status == Status::failed) log += "failed ";
    }

    void on_drained() override { log += "drained "; }

    void on_broken(tls::Failure const& failure) override {
        log += "broken:" + std::string{name_of(failure.kind)} + " ";
    }

    void on_flush() override { on_flush_do(); }

    void hang_up() { ::close(std::exchange(peer, -1)); }

    void say(std::string_view text) const {
        REQUIRE(::write(peer, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
    }

    std::string heard() const {
        std::string all(1 << 20, '\0');
        auto const n = ::read(peer, all.data(), all.size());
        return n > 0 ? all.substr(0, static_cast<std::size_t>(n)) : "";
    }

    /// Runs the loop once: each step after some turns in which the loop did what there was to do.
    void play(std::vector<std::function<void()>> steps) {
        constexpr int turns_between = 8;
        std::size_t step = 0;
        int turn = 0;
        std::function<void()> next = [&] {
            if (++turn % turns_between == 0) {
                if (step == steps.size()) return loop.stop();
                steps[step++]();
            }
            loop.post(next);
        };
        loop.post(next);
        loop.run();
    }
};

} // namespace

TEST_CASE("what the peer says is read, in pieces of any size, and its end is heard once") {
    Scene scene;
    scene.most_a_read = GENERATE(1u, 5u, 4096u);
    scene.play({[&] { scene.say("hello, world"); }, [] {}, [] {}, [&] { scene.hang_up(); }, [] {}});
    CHECK(scene.received == "hello, world");
    CHECK(scene.log == "closed ");
}

TEST_CASE("what was appended in one turn goes out at its end, in one piece") {
    Scene scene;
    scene.play({[&] {
                    scene.stream->output().append("one ");
                    scene.stream->flush_soon();
                    scene.stream->output().append("two");
                    scene.stream->flush_soon();
                    CHECK(scene.heard().empty());
                },
                [&] { CHECK(scene.heard() == "one two"); }});
}

TEST_CASE("the owner has the last word before a flush") {
    Scene scene;
    scene.on_flush_do = [&] { scene.stream->output().append("last"); };
    scene.play({[&] { scene.stream->flush_soon(); }, [&] { CHECK(scene.heard() == "last"); }});
}

TEST_CASE("a paused stream is not read, and hears the rest afterwards") {
    Scene scene;
    scene.play({[&] {
                    scene.stream->pause_reading(true);
                    scene.say("later");
                },
                [&] {
                    CHECK(scene.received.empty());
                    scene.stream->pause_reading(false);
                },
                [&] { CHECK(scene.received == "later"); }});
}

TEST_CASE("what was pushed back is read first, also by a new owner") {
    Scene first;
    Scene second;
    first.play(
        {[&] {
             std::string_view const early = "early ";
             first.stream->push_back({reinterpret_cast<std::uint8_t const*>(early.data()), early.size()});
             first.say("late");
             second.stream = std::move(first.stream);
             second.stream->start(second);
         },
         [] {}});
    CHECK(second.received == "early late");
    CHECK(first.received.empty());
    second.stream.reset(); // before the loop that it is watched by
}

TEST_CASE("a full send buffer holds the rest back until the peer reads, and then says so") {
    Scene scene;
    std::string const much(4 << 20, 'x');
    std::string got;
    std::vector<std::function<void()>> steps = {[&] {
        scene.stream->output().append(much);
        scene.stream->flush_soon();
    }};
    steps.push_back([&] { CHECK(scene.stream->unsent() > 0); });
    for (int i = 0; i < 64; ++i)
        steps.push_back([&] { got += scene.heard(); });
    scene.play(steps);
    CHECK(got == much);
    CHECK(scene.log == "drained ");
    CHECK(scene.stream->unsent() == 0);
}

TEST_CASE("a large output that fits at once is reported as drained too: it may have paused somebody") {
    Scene scene;
    scene.play({[&] {
                    scene.stream->output().append(std::string(100'000, 'x'));
                    scene.stream->flush_soon();
                },
                [&] { CHECK(scene.heard().size() == 100'000); }});
    CHECK(scene.log == "drained ");
}

TEST_CASE("closing sends what waits, then the end; reading goes on") {
    Scene scene;
    scene.play({[&] {
                    scene.stream->output().append("bye");
                    scene.stream->close_after_output();
                },
                [&] {
                    CHECK(scene.heard() == "bye");
                    char byte = 0;
                    CHECK(::read(scene.peer, &byte, 1) == 0);
                    scene.say("still here");
                },
                [&] { CHECK(scene.received == "still here"); }});
}

TEST_CASE("a peer that is gone breaks the stream when something is sent to it, once") {
    Scene scene;
    scene.play({[&] {
                    scene.stream->pause_reading(true);
                    scene.hang_up();
                },
                [&] {
                    scene.stream->output().append("into the void");
                    scene.stream->flush_soon();
                },
                [&] {
                    scene.stream->output().append("and again");
                    scene.stream->flush_soon();
                }});
    CHECK(scene.log == "broken:reset ");
}

TEST_CASE("bytes that came before the end are read before it, even when the stream was paused as they came") {
    Scene scene;
    scene.play({[&] { scene.stream->pause_reading(true); },
                [&] {
                    scene.say("last words");
                    scene.hang_up();
                },
                [&] { scene.stream->pause_reading(false); }, [] {}, [] {}});
    CHECK(scene.received == "last words");
    CHECK(scene.log == "closed ");
}
