#include "proxy/detection.hpp"

#include "proxy/message/limits.hpp"
#include "support/catch.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <string>

using namespace alert40;
using proxy::Protocol;

namespace {

constexpr std::string_view preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// A connection whose other end is the test.
struct Scene final : proxy::Detection::Host, net::ByteStream::Owner {
    Scene() {
        REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends.data()) == 0);
        auto ours =
            std::make_unique<net::ByteStream>(loop, net::Socket{ends[0]}, nullptr, tls::By::downstream);
        detection = std::make_unique<proxy::Detection>(std::move(ours), nullptr, *this);
    }

    ~Scene() {
        if (ends[1] >= 0) ::close(ends[1]);
    }

    void detected(proxy::Detection&, Protocol protocol, std::unique_ptr<net::ByteStream> its) override {
        told = protocol;
        stream = std::move(its);
        stream->start(*this);
        loop.destroy_later(std::move(detection));
    }

    void detection_ended(proxy::Detection&) override {
        ended = true;
        loop.destroy_later(std::move(detection));
    }

    void on_readable() override {
        std::array<std::uint8_t, 64> piece;
        auto const got = stream->read(piece);
        if (got.status == tls::engine::Status::ok)
            received.append(piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(got.bytes));
    }

    void on_drained() override {}

    void on_broken(tls::Failure const&) override {}

    void say(std::string_view text) {
        REQUIRE(::send(ends[1], text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()));
        settle();
    }

    void hang_up() {
        ::close(std::exchange(ends[1], -1));
        settle();
    }

    void settle() {
        while (loop.turn(std::chrono::milliseconds{0})) {
        }
    }

    net::EventLoop loop;
    std::array<int, 2> ends{};
    std::unique_ptr<proxy::Detection> detection;
    std::unique_ptr<net::ByteStream> stream;
    std::optional<Protocol> told;
    std::string received;
    bool ended = false;
};

} // namespace

TEST_CASE("the preface is HTTP/2, its beginnings are nothing yet, TLS and SOCKS5 have their first byte, and "
          "the rest is "
          "HTTP/1.1") {
    for (std::size_t n = 0; n < preface.size(); ++n) {
        CHECK(proxy::detect(preface.substr(0, n)) == Protocol::undecided);
        CHECK(proxy::detect(std::string{preface.substr(0, n)} + "?") == Protocol::http1);
    }
    CHECK(proxy::detect(preface) == Protocol::http2);
    CHECK(proxy::detect(std::string{preface} + "more") == Protocol::http2);
    CHECK(proxy::detect("GET / HTTP/1.1") == Protocol::http1);
    CHECK(proxy::detect("PRI * HTTP/1.1\r\n") == Protocol::http1);
    CHECK(proxy::detect("PUT /") == Protocol::http1);
    CHECK(proxy::detect("\x16\x03\x01") == Protocol::tls);
    CHECK(proxy::detect("\x16") == Protocol::tls);
    CHECK(proxy::detect("\x15\x03\x01") == Protocol::http1);
    CHECK(proxy::detect("\x05\x01") == Protocol::socks5);
    CHECK(proxy::detect("\x04\x01") == Protocol::http1);
}

TEST_CASE("wherever the first bytes are cut, the next owner reads them all") {
    auto const [text, protocol] =
        GENERATE(table<std::string, Protocol>({{std::string{preface} + "frames", Protocol::http2},
                                               {"PROPFIND / HTTP/1.1\r\n\r\n", Protocol::http1},
                                               {"CONNECT a:443 HTTP/1.1\r\n\r\n", Protocol::http1},
                                               {"\x16\x03\x01 hello", Protocol::tls},
                                               {"\x05\x02 greeting", Protocol::socks5}}));
    for (std::size_t cut = 1; cut < text.size(); ++cut) {
        Scene scene;
        scene.say(text.substr(0, cut));
        scene.say(text.substr(cut));
        REQUIRE(scene.told == protocol);
        CHECK(scene.received == text);
    }
}

TEST_CASE("an end before anything is known, at every cut") {
    for (std::size_t n = 0; n < preface.size(); ++n) {
        Scene scene;
        if (n > 0) scene.say(preface.substr(0, n));
        scene.hang_up();
        CHECK(scene.ended);
        CHECK_FALSE(scene.told);
    }
}

TEST_CASE("silence is allowed as long as keep-alive, half a preface as long as half a head") {
    using namespace proxy::limits;
    Scene scene;
    auto const now = scene.loop.now();
    scene.detection->on_tick(now + idle_downstream);
    CHECK_FALSE(scene.ended);
    SECTION("silence") {
        scene.detection->on_tick(now + idle_downstream + 1s);
        CHECK(scene.ended);
    }
    SECTION("half a preface, counted from its first byte") {
        scene.say("PRI");
        scene.detection->on_tick(scene.loop.now() + request_head_time - 1s);
        CHECK_FALSE(scene.ended);
        scene.detection->on_tick(scene.loop.now() + request_head_time + 1s);
        CHECK(scene.ended);
    }
}

TEST_CASE("a connection that has said nothing is closed by a drain") {
    Scene scene;
    scene.detection->drain();
    CHECK(scene.ended);
}
