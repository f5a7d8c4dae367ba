#include "scene.hpp"

#include "support/catch.hpp"

using namespace alert40;
using namespace alert40::test;
using namespace std::literals;

namespace {

std::string const get = "GET /a?b HTTP/1.1\r\nHost: a.test\r\nAccept: */*\r\n\r\n";
std::string const get_forwarded =
    "GET /a?b HTTP/1.1\r\nHost: a.test\r\nAccept: */*\r\nvia: 1.1 alert40\r\n\r\n";
std::string const ok = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
std::string const ok_forwarded = "HTTP/1.1 200 OK\r\nvia: 1.1 alert40\r\nContent-Length: 5\r\n\r\nhello";

} // namespace

TEST_CASE("a request goes to the origin and its response comes back, many times on one connection") {
    Scene scene;
    for (int i = 0; i < 3; ++i) {
        scene.app_says(get);
        CHECK(scene.origin().hear() == get_forwarded);
        scene.origin_says(ok);
        CHECK(scene.app.hear() == ok_forwarded);
    }
    CHECK(scene.origins.size() == 1);
    CHECK(scene.origins[0]->rooms == 3);
    CHECK_FALSE(scene.app.ended);
}

TEST_CASE("it is the same wherever the bytes are cut") {
    std::string const post =
        "POST /up HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\nTE: trailers\r\n\r\n"
        "4;x=y\r\nbody\r\nA\r\n0123456789\r\n0\r\nX-Sum: 1\r\n\r\n";
    std::string const answer =
        "HTTP/1.1 103 Early Hints\r\nLink: </s>\r\n\r\nHTTP/1.1 200 OK\r\n"
        "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n3\r\ndef\r\n0\r\nX-End: 2\r\n\r\n";
    auto const check = [&](std::string_view heard_by_origin, std::string_view heard_by_app) {
        CHECK(heard_by_origin.starts_with("POST /up HTTP/1.1\r\nHost: a.test\r\n"));
        CHECK(unchunked(heard_by_origin) == "body0123456789 [X-Sum: 1]");
        std::string_view const hints = "HTTP/1.1 103 Early Hints\r\nLink: </s>\r\n\r\n";
        REQUIRE(heard_by_app.starts_with(hints));
        CHECK(unchunked(heard_by_app.substr(hints.size())) == "abcdef [X-End: 2]");
    };
    for (std::size_t cut = 0; cut < std::max(post.size(), answer.size()); ++cut) {
        Scene scene;
        scene.app_says(post.substr(0, cut));
        if (cut < post.size()) scene.app_says(post.substr(cut));
        scene.origin_says(answer.substr(0, cut));
        if (cut < answer.size()) scene.origin_says(answer.substr(cut));
        check(scene.origin().hear(), scene.app.hear());
        CHECK(scene.origins[0]->rooms == 1);
    }
    Scene scene;
    for (char const c : post)
        scene.app_says({&c, 1});
    for (char const c : answer)
        scene.origin_says({&c, 1});
    check(scene.origin().hear(), scene.app.hear());
}

TEST_CASE("every piece of a stream is passed on at once") {
    Scene scene;
    scene.app_says("GET /events HTTP/1.1\r\nHost: a.test\r\n\r\n");
    scene.origin_says("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    scene.app.hear();
    scene.origin_says("6\r\nfirst\n\r\n");
    CHECK(scene.app.hear() == "6\r\nfirst\n\r\n");
    scene.origin_says("7\r\nsecond\n\r\n");
    CHECK(scene.app.hear() == "7\r\nsecond\n\r\n");
    scene.origin_says("0\r\n\r\n");
    CHECK(scene.app.hear() == "0\r\n\r\n");
}

TEST_CASE("pipelined requests are answered in their order, one at a time") {
    Scene scene;
    scene.app_says(
        "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nPOST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nxy"
        "\r\nGET /3 HTTP/1.1\r\nHost: a\r\n\r\n");
    for (auto const* path : {"/1 ", "/2 ", "/3 "}) {
        auto const request = scene.origin().hear();
        CHECK(request.find(path) != std::string::npos);
        CHECK(request.find("HTTP/1.1") == request.rfind("HTTP/1.1")); // one request
        scene.origin_says(ok);
        CHECK(scene.app.hear() == ok_forwarded);
    }
}

TEST_CASE("close is close, whoever says it") {
    Scene scene;
    SECTION("the app") {
        scene.app_says("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        scene.origin_says(ok);
        CHECK(scene.app.hear().find("\r\nConnection: close\r\n") != std::string::npos);
        CHECK(scene.app.ended);
        CHECK_FALSE(scene.origins[0]->is_closed);
        scene.app.close();
        scene.settle();
        scene.time_passes(0s);
        CHECK(scene.app_closed);
    }
    SECTION("the origin") {
        scene.app_says(get);
        scene.origin_says("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello");
        CHECK(scene.app.hear() == ok_forwarded);
        CHECK_FALSE(scene.app.ended);
        CHECK(scene.origins[0]->is_closed);
        CHECK_FALSE(scene.origins[0]->failure);
        scene.app_says(get);
        CHECK(scene.origin(1).hear() == get_forwarded);
    }
    SECTION("the end of the body") {
        scene.app_says(get);
        scene.origin_says("HTTP/1.1 200 OK\r\n\r\nhel");
        scene.origin().say("lo");
        scene.origin().finish();
        scene.settle();
        CHECK(unchunked(scene.app.hear()) == "hello");
        CHECK_FALSE(scene.app.ended);
    }
}

TEST_CASE("an HTTP/1.0 client gets what it can read") {
    Scene scene;
    SECTION("a body that ends with the connection") {
        scene.app_says("GET / HTTP/1.0\r\n\r\n");
        CHECK(scene.origin().hear().starts_with("GET / HTTP/1.1\r\nHost: \r\n"));
        scene.origin_says(
            "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            "5\r\nhello\r\n0\r\nX: 1\r\n\r\n");
        CHECK(scene.app.hear() == "HTTP/1.1 200 OK\r\nvia: 1.1 alert40\r\nConnection: close\r\n\r\nhello");
        CHECK(scene.app.ended);
    }
    SECTION("a connection that stays, when asked for") {
        scene.app_says("GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n");
        scene.origin_says(ok);
        CHECK(scene.app.hear() == "HTTP/1.1 200 OK\r\nvia: 1.1 alert40\r\nContent-Length: 5\r\nConnection: "
                                  "keep-alive\r\n\r\nhello");
        CHECK_FALSE(scene.app.ended);
    }
}

TEST_CASE("responses without a body end with their head") {
    Scene scene;
    scene.app_says("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
    scene.origin_says("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
    CHECK(scene.app.hear() == "HTTP/1.1 200 OK\r\nvia: 1.1 alert40\r\nContent-Length: 1000\r\n\r\n");
    scene.app_says(get);
    scene.origin_says("HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\n\r\n");
    CHECK(scene.app.hear() == "HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\nvia: 1.1 alert40\r\n\r\n");
    scene.app_says(get);
    scene.origin_says("HTTP/1.1 204 No Content\r\n\r\n");
    CHECK(scene.app.hear() == "HTTP/1.1 204 No Content\r\nvia: 1.1 alert40\r\n\r\n");
    scene.app_says(get);
    scene.origin_says("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    CHECK(scene.app.hear() == "HTTP/1.1 200 OK\r\nvia: 1.1 alert40\r\nContent-Length: 0\r\n\r\n");
    CHECK(scene.origins.size() == 1);
}

TEST_CASE("an expectation is the origin's to meet") {
    Scene scene;
    scene.app_says("PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
    CHECK(
        scene.origin().hear() ==
        "PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nvia: 1.1 alert40\r\nContent-Length: 3\r\n\r\n");
    SECTION("continue") {
        scene.origin_says("HTTP/1.1 100 Continue\r\n\r\n");
        CHECK(scene.app.hear() == "HTTP/1.1 100 Continue\r\n\r\n");
        scene.app_says("abc");
        CHECK(scene.origin().hear() == "abc");
        scene.origin_says(ok);
        CHECK(scene.app.hear() == ok_forwarded);
        CHECK_FALSE(scene.app.ended);
    }
    SECTION("no: the answer comes before the body, and nobody knows whether that will be sent") {
        scene.origin_says("HTTP/1.1 417 No\r\nContent-Length: 0\r\n\r\n");
        CHECK(scene.app.hear() ==
              "HTTP/1.1 417 No\r\nvia: 1.1 alert40\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        CHECK(scene.app.ended);
        CHECK(scene.origins[0]->is_closed);
    }
}

TEST_CASE("what is refused never reaches an origin, and ends the connection") {
    for (auto const& [bytes, status] : std::vector<std::pair<std::string, std::string>>{
             {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: "
              "chunked\r\n\r\n0\r\n\r\n",
              "400"},
             {"GET / HTTP/1.1\nHost: a\n\n", "400"},
             {"\x16\x03\x01\x02", "400"},
             {"GET / HTTP/2.0\r\nHost: a\r\n\r\n", "505"},
             {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", "501"},
             {"GET / HTTP/1.1\r\nX: " + std::string(70'000, 'x'), "431"},
             {"GET /" + std::string(70'000, 'x'), "414"},
         }) {
        INFO(bytes.substr(0, 60));
        Scene scene;
        scene.app_says(bytes + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
        auto const answer = scene.app.hear();
        CHECK(answer.starts_with("HTTP/1.1 " + status + " "));
        CHECK(answer.find("\r\nConnection: close\r\n") != std::string::npos);
        CHECK(answer.find("\nHTTP/1.1 ") == std::string::npos); // one answer
        CHECK(scene.app.ended);
        CHECK(scene.origins.empty());
    }
}

TEST_CASE("an absolute target replaces Host, and an empty line before a request is skipped") {
    Scene scene;
    scene.app_says("\r\nGET http://real.test:81/x HTTP/1.1\r\nHost: other.test\r\n\r\n");
    CHECK(scene.origin().hear() == "GET /x HTTP/1.1\r\nHost: real.test:81\r\nvia: 1.1 alert40\r\n\r\n");
}
