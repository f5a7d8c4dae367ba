#include "origin_scene.hpp"
#include "proxy/message/limits.hpp"
#include "support/catch.hpp"

using namespace alert40;
using namespace alert40::test;
using tls::FailureKind;

namespace limits = alert40::proxy::limits;
using Failed = OriginScene::Failed;

namespace {

H2Peer::Options silent() {
    H2Peer::Options options;
    options.silent = true;
    return options;
}

} // namespace

TEST_CASE("an origin that refuses HTTP/2 by GOAWAY breaks it: each request is told, then the host") {
    auto const code =
        GENERATE(NGHTTP2_HTTP_1_1_REQUIRED, NGHTTP2_INADEQUATE_SECURITY, NGHTTP2_PROTOCOL_ERROR);
    OriginScene scene;
    scene.ask();
    scene.ask("POST", false);
    scene.settle();
    scene.origin.goaway(1, static_cast<std::uint32_t>(code));
    scene.settle();
    auto const told =
        "GOAWAY with " + std::string{code == NGHTTP2_HTTP_1_1_REQUIRED     ? "HTTP_1_1_REQUIRED (0xd)"
                                     : code == NGHTTP2_INADEQUATE_SECURITY ? "INADEQUATE_SECURITY (0xc)"
                                                                           : "PROTOCOL_ERROR (0x1)"};
    CHECK(scene.failures ==
          std::vector<Failed>{{told, FailureKind::h2, true}, {told, FailureKind::h2, false}});
    CHECK(scene.room_when_told == std::vector<std::size_t>{0, 0});
    scene.origin.hang_up();
    scene.settle();
    CHECK(scene.is_closed);
    CHECK(scene.h2_broken);
    CHECK(scene.told_when_broken == 0);
    REQUIRE(scene.failure);
    CHECK(scene.failure->detail == told);
    CHECK(scene.failure->by == tls::By::upstream);
    CHECK(scene.failure->phase == tls::Phase::after);
}

TEST_CASE("and so does RST_STREAM with such a code, before anything of a response") {
    OriginScene scene;
    scene.ask();
    scene.settle();
    scene.origin.reset(1, NGHTTP2_HTTP_1_1_REQUIRED);
    scene.settle();
    CHECK(scene.failures ==
          std::vector<Failed>{{"RST_STREAM with HTTP_1_1_REQUIRED (0xd)", FailureKind::h2, true}});
    CHECK(scene.room_when_told == std::vector<std::size_t>{0});
    scene.origin.hang_up();
    scene.settle();
    CHECK(scene.is_closed);
    CHECK(scene.h2_broken);
}

TEST_CASE("after a response the same codes are the request's affair") {
    OriginScene scene;
    scene.ask();
    scene.ask();
    scene.settle();
    scene.origin.head(1, {{":status", "200"}}, true);
    scene.origin.reset(3, NGHTTP2_HTTP_1_1_REQUIRED);
    scene.settle();
    CHECK(scene.failures ==
          std::vector<Failed>{{"RST_STREAM with HTTP_1_1_REQUIRED (0xd)", FailureKind::h2, true}});
    CHECK_FALSE(scene.is_closed);
    CHECK(scene.connection->room() > 0);
}

TEST_CASE("GOAWAY in good order: later streams were not processed, earlier ones are finished") {
    OriginScene scene;
    auto& first = scene.ask();
    scene.ask();
    scene.settle();
    scene.origin.goaway(1, NGHTTP2_NO_ERROR);
    scene.settle();
    CHECK(scene.failures == std::vector<Failed>{{"GOAWAY with NO_ERROR (0x0)", FailureKind::h2, true}});
    CHECK(scene.connection->room() == 0);
    scene.origin.head(1, {{":status", "200"}});
    scene.origin.body(1, "done", true);
    scene.settle();
    CHECK(first.body == "done");
    CHECK(first.ended);
    scene.origin.hang_up();
    scene.settle();
    CHECK(scene.is_closed);
    CHECK_FALSE(scene.failure);
    CHECK_FALSE(scene.h2_broken);
}

TEST_CASE("REFUSED_STREAM was not processed, CANCEL may have been") {
    OriginScene scene;
    scene.ask();
    scene.ask();
    scene.settle();
    scene.origin.reset(1, NGHTTP2_REFUSED_STREAM);
    scene.origin.reset(3, NGHTTP2_CANCEL);
    scene.settle();
    CHECK(scene.failures ==
          std::vector<Failed>{{"RST_STREAM with REFUSED_STREAM (0x7)", FailureKind::h2, true},
                              {"RST_STREAM with CANCEL (0x8)", FailureKind::h2, false}});
    CHECK_FALSE(scene.is_closed);
}

TEST_CASE("a reset in the midst of a response aborts it") {
    OriginScene scene;
    auto& asked = scene.ask();
    scene.settle();
    scene.origin.head(1, {{":status", "200"}});
    scene.origin.body(1, "half");
    scene.settle();
    scene.origin.reset(1, NGHTTP2_INTERNAL_ERROR);
    scene.settle();
    CHECK(asked.body == "half");
    CHECK(asked.aborted);
    CHECK_FALSE(asked.ended);
}

TEST_CASE("what is not HTTP/2 in answer to the preface breaks it") {
    OriginScene scene(silent());
    scene.ask();
    std::string told;
    FailureKind const kind = FailureKind::h2;
    SECTION("HTTP/1.1") {
        scene.origin.raw("HTTP/1.1 400 Bad Request\r\n\r\n");
        told = "the answer to the HTTP/2 preface was HTTP/1.1";
    }
    SECTION("another frame than SETTINGS") {
        scene.origin.raw(h2_frame(NGHTTP2_PING, 0, 0, "12345678"));
        told = "HTTP/2 failed before SETTINGS came: the peer broke HTTP/2: ";
    }
    SECTION("a cut") {
        scene.settle();
        scene.origin.hang_up();
        told = "HTTP/2 failed before SETTINGS came: the peer closed the connection";
    }
    SECTION("silence") {
        scene.settle();
        CHECK_FALSE(scene.is_closed);
        scene.time_passes(limits::settings_time);
        told = "HTTP/2 failed before SETTINGS came: no SETTINGS from the peer";
    }
    scene.settle();
    REQUIRE(scene.failures.size() == 1);
    CHECK_THAT(scene.failures[0].detail, Catch::Matchers::StartsWith(told));
    CHECK(scene.failures[0].kind == kind);
    CHECK_FALSE(scene.failures[0].unprocessed);
    scene.origin.hang_up();
    scene.settle();
    CHECK(scene.is_closed);
    CHECK(scene.h2_broken);
}

TEST_CASE("a cut after SETTINGS is a cut") {
    OriginScene scene;
    scene.ask();
    scene.settle();
    scene.origin.hang_up();
    scene.settle();
    CHECK(scene.failures == std::vector<Failed>{{"the peer closed the connection", FailureKind::eof, false}});
    CHECK(scene.is_closed);
    CHECK_FALSE(scene.h2_broken);
    REQUIRE(scene.failure);
    CHECK(scene.failure->kind == FailureKind::eof);
}

TEST_CASE("an idle connection that the origin closes did not fail") {
    OriginScene scene;
    scene.settle();
    scene.origin.hang_up();
    scene.settle();
    CHECK(scene.is_closed);
    CHECK_FALSE(scene.failure);
    CHECK_FALSE(scene.h2_broken);
}

TEST_CASE("a malformed response fails its request alone") {
    auto const fields = GENERATE(
        H2Fields{{"x", "no status"}},                                                                 //
        H2Fields{{":status", "200"}, {"x", "a\r\nEvil: 1"}},                                          //
        H2Fields{{":status", "200"}, {"x", std::string("\0", 1)}},                                    //
        H2Fields{{":status", "200"}, {"x y", "a"}},                                                   //
        H2Fields{{":status", "200"}, {"connection", "close"}},                                        //
        H2Fields{{":status", "200"}, {"transfer-encoding", "chunked"}}, H2Fields{{":status", "101"}}, //
        H2Fields{{":status", "2xx"}},                                                                 //
        H2Fields{{":status", "200"}, {"content-length", "1"}, {"content-length", "2"}},
        H2Fields{{":status", "200"}, {":path", "/"}});
    CAPTURE(fields);
    OriginScene scene;
    scene.ask();
    auto& other = scene.ask();
    scene.settle();
    scene.origin.head(1, fields, fields[0].second != "101");
    scene.settle();
    REQUIRE(scene.failures.size() == 1);
    CHECK(scene.failures[0].kind == FailureKind::malformed);
    CHECK(scene.origin[1].reset == NGHTTP2_PROTOCOL_ERROR);
    scene.origin.head(3, {{":status", "204"}}, true);
    scene.settle();
    CHECK(other.ended);
}

TEST_CASE("a body of another length than declared aborts the response") {
    OriginScene scene;
    auto& asked = scene.ask();
    scene.settle();
    scene.origin.head(1, {{":status", "200"}, {"content-length", "5"}});
    scene.origin.body(1, "four", true);
    scene.settle();
    CHECK(asked.aborted);
    CHECK_FALSE(asked.ended);
}

TEST_CASE("a response head that is too large fails") {
    OriginScene scene;
    scene.ask();
    scene.settle();
    H2Fields fields{{":status", "200"}};
    for (std::size_t i = 0; i < limits::fields; ++i)
        fields.emplace_back("x" + std::to_string(i), "y");
    scene.origin.head(1, fields, true);
    scene.settle();
    CHECK(scene.failures == std::vector<Failed>{{"the response has more header fields than we take",
                                                 FailureKind::malformed, false}});
}

TEST_CASE("a pushed stream breaks the connection off") {
    OriginScene scene;
    scene.ask();
    scene.settle();
    scene.origin.raw(h2_frame(NGHTTP2_PUSH_PROMISE, NGHTTP2_FLAG_END_HEADERS, 1,
                              std::string("\0\0\0\2", 4) + h2_field(":path", "/")));
    scene.settle();
    CHECK(scene.origin.goaway_code() == NGHTTP2_PROTOCOL_ERROR);
    REQUIRE(scene.failures.size() == 1);
    CHECK(scene.failures[0].kind == FailureKind::h2);
    CHECK_FALSE(scene.h2_broken);
}

TEST_CASE("draining finishes what is under way, then says GOAWAY") {
    OriginScene scene;
    auto& asked = scene.ask();
    scene.settle();
    scene.connection->drain();
    CHECK(scene.connection->room() == 0);
    scene.settle();
    CHECK_FALSE(scene.origin.goaway_code());
    scene.origin.head(1, {{":status", "200"}}, true);
    scene.settle();
    CHECK(asked.ended);
    CHECK(scene.origin.goaway_code() == NGHTTP2_NO_ERROR);
    scene.origin.hang_up();
    scene.settle();
    CHECK(scene.is_closed);
    CHECK_FALSE(scene.failure);
}

TEST_CASE("a connection that nobody uses is closed after its time") {
    OriginScene scene;
    scene.settle();
    scene.time_passes(limits::idle_upstream);
    CHECK(scene.origin.goaway_code() == NGHTTP2_NO_ERROR);
    CHECK(scene.connection->room() == 0);
}

TEST_CASE("a request that is given to a connection that takes none fails as not processed") {
    OriginScene scene;
    scene.settle();
    scene.origin.goaway(0, NGHTTP2_NO_ERROR);
    scene.origin.pump();
    scene.ask(); // the dispatcher did not know yet
    scene.settle();
    REQUIRE(scene.failures.size() == 1);
    CHECK(scene.failures[0].unprocessed);
}
