#include "net/rough_path.hpp"

#include "support/catch.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <string_view>
#include <utility>

using namespace alert40;
using namespace std::chrono_literals;
using net::PathFault;
using net::RoughPath;
using tls::Direction;
using Kind = PathFault::Kind;

namespace {

/// A connection over loopback with a path in it; the test is both ends.
struct Scene {
    net::EventLoop loop;
    net::Socket origin;
    std::unique_ptr<RoughPath> path;
    net::Socket near;
    std::string origin_heard, near_heard;
    bool origin_ended = false, near_ended = false;
    int origin_error = 0;

    explicit Scene(net::Ordeal const& ordeal) {
        net::Socket const listener{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* const at = reinterpret_cast<sockaddr*>(&address);
        REQUIRE(::bind(listener.fd(), at, size) == 0);
        REQUIRE(::listen(listener.fd(), 1) == 0);
        REQUIRE(::getsockname(listener.fd(), at, &size) == 0);
        net::Socket far{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
        REQUIRE(::connect(far.fd(), at, size) == 0);
        origin = net::Socket{::accept4(listener.fd(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)};
        REQUIRE(::fcntl(far.fd(), F_SETFL, O_NONBLOCK) == 0);
        path = RoughPath::make(loop, std::move(far), ordeal).value();
        near = path->take_near_end();
        path->start();
    }

    static void say(net::Socket const& from, std::string_view text) {
        REQUIRE(::send(from.fd(), text.data(), text.size(), MSG_NOSIGNAL) ==
                static_cast<ssize_t>(text.size()));
    }

    static int hear(net::Socket const& at, std::string& heard, bool& ended) {
        std::array<char, 4096> bytes{};
        for (;;) {
            auto const n = ::recv(at.fd(), bytes.data(), bytes.size(), 0);
            if (n > 0) heard.append(bytes.data(), static_cast<std::size_t>(n));
            if (n == 0) ended = true;
            if (n < 0 && errno != EAGAIN) return errno;
            if (n <= 0) return 0;
        }
    }

    void listen() {
        hear(near, near_heard, near_ended);
        if (auto const error = hear(origin, origin_heard, origin_ended)) origin_error = error;
    }

    /// Until `done`; what never comes ends the test.
    void until(auto done) {
        for (int turns = 0; listen(), !done(); ++turns) {
            REQUIRE(turns < 2000);
            loop.turn(5ms);
        }
    }

    /// Nothing is said any more.
    void rest() {
        for (int i = 0; i < 10; ++i)
            loop.turn(5ms);
        listen();
    }
};

net::Ordeal ordeal(PathFault fault) {
    return {.path = {fault}};
}

} // namespace

TEST_CASE("bytes and ends pass both ways") {
    Scene scene{{}};
    Scene::say(scene.near, "ping");
    Scene::say(scene.origin, "pong");
    scene.until([&] { return scene.origin_heard == "ping" && scene.near_heard == "pong"; });
    ::shutdown(scene.near.fd(), SHUT_WR);
    scene.until([&] { return scene.origin_ended; });
    Scene::say(scene.origin, " and bye");
    ::shutdown(scene.origin.fd(), SHUT_WR);
    scene.until([&] { return scene.near_ended; });
    CHECK(scene.near_heard == "pong and bye");
    CHECK(!scene.path->end());
}

TEST_CASE("what is said last still passes when the path goes") {
    Scene scene{{}};
    Scene::say(scene.near, "an alert");
    scene.near = net::Socket{};
    scene.path.reset();
    scene.until([&] { return scene.origin_ended; });
    CHECK(scene.origin_heard == "an alert");
    CHECK(scene.origin_error == 0);
}

TEST_CASE("reset after so many bytes: the origin gets them and a RST, our side the end") {
    Scene scene{ordeal({.kind = Kind::reset, .after = 3})};
    Scene::say(scene.near, "hello");
    scene.until([&] { return scene.origin_error != 0 && scene.near_ended; });
    CHECK(scene.origin_error == ECONNRESET);
    REQUIRE(scene.path->end().has_value());
    CHECK(scene.path->end()->by == tls::By::injected);
    CHECK(scene.path->end()->kind == tls::FailureKind::reset);
    tls::Failure seen{tls::By::upstream, tls::Phase::server_hello, tls::FailureKind::eof, std::nullopt, "?"};
    scene.path->explain(seen);
    CHECK(seen == tls::Failure{tls::By::injected, tls::Phase::server_hello, tls::FailureKind::reset,
                               std::nullopt, ""});
}

TEST_CASE("close after so many bytes of the answer: what came before is read") {
    Scene scene{ordeal({.kind = Kind::close, .direction = Direction::received, .after = 4})};
    Scene::say(scene.origin, "answer");
    scene.until([&] { return scene.origin_ended && scene.near_ended; });
    CHECK(scene.near_heard == "answ");
    CHECK(scene.origin_error == 0);
    CHECK(scene.path->end()->kind == tls::FailureKind::eof);
}

TEST_CASE("silence drops one direction, its end as well; the other one goes on") {
    Scene scene{ordeal({.kind = Kind::silence, .after = 3})};
    Scene::say(scene.near, "hello");
    scene.until([&] { return scene.origin_heard.size() == 3; });
    Scene::say(scene.near, "is anybody there");
    ::shutdown(scene.near.fd(), SHUT_WR);
    Scene::say(scene.origin, "yes");
    scene.until([&] { return scene.near_heard == "yes"; });
    scene.rest();
    CHECK(scene.origin_heard == "hel");
    CHECK(!scene.origin_ended);
    tls::Failure waited{tls::By::upstream, tls::Phase::client_hello, tls::FailureKind::timeout, std::nullopt,
                        "8s"};
    scene.path->explain(waited);
    CHECK(waited.by == tls::By::injected);
    CHECK(waited.detail == "8s");
}

TEST_CASE("a slow path delivers everything in the end") {
    Scene scene{ordeal({.kind = Kind::throttle, .after = 10, .bytes_per_second = 400})};
    Scene::say(scene.near, std::string(70, 'x'));
    ::shutdown(scene.near.fd(), SHUT_WR);
    scene.listen();
    CHECK(scene.origin_heard.size() < 70);
    scene.until([&] { return scene.origin_ended; });
    CHECK(scene.origin_heard.size() == 70);
}

TEST_CASE("much more than the path holds passes, and waits for who reads") {
    Scene scene{{}};
    std::string const much(3'000'000, 'x');
    std::size_t said = 0;
    scene.until([&] {
        auto const n = ::send(scene.near.fd(), much.data() + said, much.size() - said, MSG_NOSIGNAL);
        if (n > 0) said += static_cast<std::size_t>(n);
        return scene.origin_heard.size() == much.size();
    });
    CHECK(said == much.size());
}

TEST_CASE("a reset by the origin is told as that") {
    Scene scene{{}};
    linger const at_once{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(scene.origin.fd(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    scene.origin = net::Socket{};
    for (int turns = 0; !scene.path->end() && turns < 100; ++turns)
        scene.loop.turn(5ms);
    REQUIRE(scene.path->end().has_value());
    CHECK(scene.path->end()->by == tls::By::upstream);
    CHECK(scene.path->end()->kind == tls::FailureKind::reset);
}
