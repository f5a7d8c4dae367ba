#include "scene.hpp"

#include "proxy/message/limits.hpp"
#include "support/catch.hpp"

using namespace alert40;
using namespace alert40::test;
using namespace std::literals;
namespace limits = proxy::limits;

namespace {

std::string const get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
std::string const post = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc";
std::string const ok = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

/// A scene in which one response has already passed.
struct Warm {
    Scene scene;

    Warm() {
        scene.app_says(get);
        scene.origin_says(ok);
        scene.app.hear();
        scene.origin().hear();
    }
};

} // namespace

TEST_CASE("a client that goes away takes its request with it") {
    Scene scene;
    SECTION("before the response") {
        scene.app_says(get);
    }
    SECTION("within its own body") {
        scene.app_says(post.substr(0, post.size() - 1));
    }
    SECTION("within the response") {
        scene.app_says(get);
        scene.origin_says("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe");
    }
    CHECK_FALSE(scene.app_closed);
    scene.app.close();
    scene.settle();
    CHECK(scene.app_closed);
    CHECK(scene.origins[0]->is_closed);
    CHECK_FALSE(scene.origins[0]->failure);
    CHECK(scene.origin().ended);
}

TEST_CASE("a client that goes away between requests or within a head leaves nothing behind") {
    Warm warm;
    SECTION("idle") {}
    SECTION("within a head") {
        warm.scene.app_says("GET / HT");
    }
    warm.scene.app.close();
    warm.scene.settle();
    CHECK(warm.scene.app_closed);
    CHECK_FALSE(warm.scene.origins[0]->is_closed);
}

TEST_CASE("an origin that ends its connection too early has failed") {
    Scene scene;
    SECTION("before its response") {
        scene.app_says(get);
        scene.origin().finish();
        scene.settle();
        CHECK(scene.failures == std::vector{"eof"s});
        CHECK(scene.app.hear().starts_with("HTTP/1.1 502 "));
        CHECK_FALSE(scene.app.ended);
    }
    SECTION("within its head") {
        scene.app_says(get);
        scene.origin().say("HTTP/1.1 200 OK\r\nCon");
        scene.origin().finish();
        scene.settle();
        CHECK(scene.app.hear().starts_with("HTTP/1.1 502 "));
    }
    SECTION("within a body of known length: the client sees it cut") {
        scene.app_says(get);
        scene.origin().say("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel");
        scene.origin().finish();
        scene.settle();
        CHECK(scene.app.hear().ends_with("\r\n\r\nhel"));
        CHECK(scene.app.ended);
    }
    SECTION("within a chunked body") {
        scene.app_says(get);
        scene.origin().say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n");
        scene.origin().finish();
        scene.settle();
        CHECK(unchunked(scene.app.hear()) == "hel [unfinished]");
        CHECK(scene.app.ended);
    }
    REQUIRE(scene.origins[0]->failure);
    CHECK(scene.origins[0]->failure->kind == tls::FailureKind::eof);
    CHECK(scene.origins[0]->failure->phase == tls::Phase::after);
}

TEST_CASE("what an origin says is checked before it is passed on") {
    for (auto const* response : {
             "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
             "HTTP/1.1 200 OK\r\nX : 1\r\n\r\n",
             "SSH-2.0-OpenSSH_9.2\r\n",
             "\x15\x03\x01",
             "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
         }) {
        INFO(response);
        Scene scene;
        scene.app_says(get);
        scene.origin_says(response);
        CHECK(scene.failures == std::vector{"malformed"s});
        CHECK(scene.app.hear().starts_with("HTTP/1.1 502 "));
        CHECK(scene.origins[0]->is_closed);
    }
    Scene scene;
    scene.app_says(get);
    scene.origin_says("HTTP/1.1 200 OK\r\nX: " + std::string(100'000, 'x'));
    CHECK(scene.failures == std::vector{"malformed"s});
}

TEST_CASE("a malformed chunk cuts the response that has begun") {
    Scene scene;
    scene.app_says(get);
    scene.origin_says("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nx\r\n");
    CHECK(unchunked(scene.app.hear()) == "abc [unfinished]");
    CHECK(scene.app.ended);
    CHECK(scene.origins[0]->failure->kind == tls::FailureKind::malformed);
}

TEST_CASE("a malformed chunk of the client ends its request everywhere") {
    Scene scene;
    scene.app_says("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
    SECTION("before the response") {
        scene.app_says("0x3\r\n");
        CHECK(scene.app.hear().starts_with("HTTP/1.1 400 "));
    }
    SECTION("within the response") {
        scene.origin_says("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe");
        scene.app_says("0x3\r\n");
        CHECK(scene.app.hear().ends_with("\r\n\r\nhe"));
    }
    CHECK(scene.app.ended);
    CHECK(unchunked(scene.origin().hear()) == "abc [unfinished]");
    CHECK(scene.origin().ended);
}

TEST_CASE("a connection that its origin closes while idle is no failure") {
    Warm warm;
    auto& scene = warm.scene;
    SECTION("noticed in time") {
        scene.origin().close();
        scene.settle();
        CHECK(scene.origins[0]->is_closed);
        scene.app_says(get);
        scene.origin_says(ok, 1);
        CHECK(scene.app.hear().ends_with("hello"));
    }
    SECTION("a request that can be repeated meets the end on its way") {
        scene.app_says(get);
        scene.origin().finish();
        scene.settle();
        CHECK(scene.failures == std::vector{"eof, unprocessed"s});
        CHECK(scene.origin(1).hear().starts_with("GET / "));
        scene.origin_says(ok, 1);
        CHECK(scene.app.hear().ends_with("hello"));
    }
    SECTION("a request that must not be repeated") {
        scene.app_says(post);
        scene.origin().finish();
        scene.settle();
        CHECK(scene.failures == std::vector{"eof"s});
        CHECK(scene.app.hear().starts_with("HTTP/1.1 502 "));
        CHECK(scene.origins.size() == 1);
    }
    CHECK_FALSE(scene.origins[0]->failure);
}

TEST_CASE("bytes that nobody asked for end a connection") {
    Warm warm;
    SECTION("while idle") {
        warm.scene.origin_says("HTTP/1.1 408 Request Timeout\r\n\r\n");
    }
    SECTION("behind a response") {
        warm.scene.app_says(get);
        warm.scene.origin_says(ok + "HTTP/1.1 200 OK\r\n");
        CHECK(warm.scene.app.hear().ends_with("hello"));
    }
    CHECK(warm.scene.origins[0]->is_closed);
    warm.scene.app_says(get);
    CHECK(warm.scene.origins.size() == 2);
}

TEST_CASE("a response that ends before its request ends both connections") {
    Scene scene;
    scene.app_says("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc");
    scene.origin_says("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno");
    auto const answer = scene.app.hear();
    CHECK(answer.ends_with("\r\nConnection: close\r\n\r\nno"));
    CHECK(scene.app.ended);
    CHECK(scene.origins[0]->is_closed);
    CHECK_FALSE(scene.origins[0]->failure);

    scene.app_says(std::string(97, 'x') +
                   get); // is read, so that nothing resets the answer away, and means nothing
    CHECK(scene.app.hear().empty());
    scene.app.close();
    scene.settle();
    scene.time_passes(0s);
    CHECK(scene.app_closed);
}

TEST_CASE("a response cut short for HTTP/1.0 is reset, because its end could not be told from a whole one") {
    Scene scene;
    scene.app_says("GET / HTTP/1.0\r\n\r\n");
    scene.origin().say(
        "HTTP/1.1 200 OK\r\nContent-Type: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
    scene.settle();
    scene.origin().finish();
    scene.settle();
    CHECK(scene.app_closed);
    CHECK(scene.failures.empty());
}

TEST_CASE("deadlines") {
    SECTION("a head that never ends") {
        Scene scene;
        scene.app_says("GET / HTTP/1.1\r\nHost: a\r\n");
        scene.time_passes(limits::request_head_time - 1s);
        CHECK(scene.app.heard.empty());
        scene.time_passes(limits::request_head_time + 1s);
        CHECK(scene.app.hear().starts_with("HTTP/1.1 408 "));
        CHECK(scene.app.ended);
        scene.time_passes(limits::leave_time + 1s);
        CHECK(scene.app_closed);
    }
    SECTION("connections without a request") {
        Warm warm;
        warm.scene.time_passes(limits::idle_upstream - 1s);
        CHECK_FALSE(warm.scene.origins[0]->is_closed);
        warm.scene.time_passes(limits::idle_upstream + 1s);
        CHECK(warm.scene.origins[0]->is_closed);
        CHECK_FALSE(warm.scene.app_closed);
        warm.scene.time_passes(limits::idle_downstream + 1s);
        CHECK(warm.scene.app_closed);
        CHECK(warm.scene.app.ended);
    }
    SECTION("a request that takes its time is not idle") {
        Scene scene;
        scene.app_says(get);
        scene.time_passes(limits::idle_downstream * 2);
        CHECK_FALSE(scene.app_closed);
        CHECK_FALSE(scene.origins[0]->is_closed);
    }
    SECTION("a client that reads nothing") {
        Scene scene;
        scene.app_says(get);
        scene.app.reading = false;
        scene.origin_says("HTTP/1.1 200 OK\r\nContent-Length: 4000000\r\n\r\n" + std::string(4'000'000, 'x'));
        scene.time_passes(limits::stalled_output - 1s);
        CHECK_FALSE(scene.app_closed);
        scene.time_passes(limits::stalled_output + 1s);
        CHECK(scene.app_closed);
        CHECK(scene.origins[0]->is_closed);
    }
}

TEST_CASE("a slow reader slows the other side, and nothing is lost") {
    std::size_t const size = 8'000'000;
    std::string body;
    for (std::size_t i = 0; body.size() < size; ++i)
        body += std::to_string(i) + ",";
    auto const length = "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n";
    std::size_t const socket_buffers = 2'000'000; // more than two of them hold

    SECTION("the app") {
        Scene scene;
        scene.app_says(get);
        scene.app.reading = false;
        SECTION("known length") {
            scene.origin_says("HTTP/1.1 200 OK\r\n" + length + body);
        }
        SECTION("chunked") {
            std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
            for (std::size_t at = 0; at < body.size(); at += 40'000) {
                auto const piece = body.substr(at, 40'000);
                char head[16];
                std::snprintf(head, sizeof head, "%zx\r\n", piece.size());
                chunked += head + piece + "\r\n";
            }
            scene.origin_says(chunked + "0\r\n\r\n");
        }
        CHECK(scene.origin().stuck() > body.size() - socket_buffers - 2 * limits::high_water);
        scene.app.reading = true;
        scene.settle();
        auto const heard = scene.app.hear();
        bool const whole = heard.ends_with(body) || unchunked(heard) == body;
        CHECK(whole);
        CHECK(scene.origins[0]->rooms == 1);
    }
    SECTION("the origin") {
        Scene scene;
        scene.app_says("POST / HTTP/1.1\r\nHost: a\r\n" + length);
        scene.origin().reading = false;
        scene.app_says(body);
        CHECK(scene.app.stuck() > body.size() - socket_buffers - 2 * limits::high_water);
        scene.origin().reading = true;
        scene.settle();
        CHECK(scene.origin().hear().ends_with(body));
        scene.origin_says(ok);
        CHECK(scene.app.hear().ends_with("hello"));
    }
    SECTION("a request that waits for its responder") {
        Scene scene;
        proxy::Exchange* waiting = nullptr;
        scene.on_dispatch = [&](proxy::Exchange& exchange) { waiting = &exchange; };
        scene.app_says("POST / HTTP/1.1\r\nHost: a\r\n" + length + body);
        CHECK(scene.app.stuck() > body.size() - socket_buffers - 2 * limits::high_water);
        REQUIRE(waiting);
        waiting->answer({.status = 413, .fields = {}, .body = "no", .trailers = {}});
        scene.settle();
        CHECK(scene.app.hear().ends_with("\r\nConnection: close\r\n\r\nno"));
    }
}

TEST_CASE("pipelined requests are read ahead up to a bound") {
    Scene scene;
    std::string requests;
    while (requests.size() < 4'000'000)
        requests += get;
    scene.app_says(requests);
    CHECK(scene.app.stuck() > 1'000'000);
    CHECK(scene.origin().hear().size() < 200);
}

TEST_CASE("draining") {
    SECTION("an idle connection is closed at once") {
        Warm warm;
        warm.scene.downstream->drain();
        warm.scene.origins[0]->connection->drain();
        warm.scene.settle();
        CHECK(warm.scene.app_closed);
        CHECK(warm.scene.app.ended);
        CHECK(warm.scene.origins[0]->is_closed);
        CHECK(warm.scene.origin().ended);
    }
    SECTION("a request is still answered") {
        Scene scene;
        scene.app_says(get);
        scene.downstream->drain();
        scene.origins[0]->connection->drain();
        scene.origin_says(ok);
        auto const answer = scene.app.hear();
        CHECK(answer.find("\r\nConnection: close\r\n") != std::string::npos);
        CHECK(answer.ends_with("hello"));
        CHECK(scene.app.ended);
        CHECK(scene.origins[0]->is_closed);
    }
}
