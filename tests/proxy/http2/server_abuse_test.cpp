#include "app_scene.hpp"
#include "proxy/message/limits.hpp"
#include "support/catch.hpp"

#include <functional>

using namespace alert40;
using namespace alert40::test;

namespace limits = alert40::proxy::limits;

namespace {

struct Abuse {
    char const* name;
    std::function<void(AppScene&, unsigned round)> once;
};

} // namespace

TEST_CASE("a client that only makes work is told ENHANCE_YOUR_CALM") {
    auto const abuse = GENERATE(
        Abuse{"rapid reset (CVE-2023-44487)",
              [](AppScene& scene, unsigned) {
                  auto const id = scene.app.request(
                      {{":method", "GET"}, {":scheme", "http"}, {":authority", "a.test"}, {":path", "/"}});
                  scene.app.pump();
                  scene.app.reset(id, NGHTTP2_CANCEL);
              }},
        Abuse{"streams that we have to reset (CVE-2025-8671)",
              [](AppScene& scene, unsigned) {
                  scene.app.request({{":method", "GET"}});
              }},
        Abuse{"PING", [](AppScene& scene, unsigned) { scene.app.ping(); }},
        Abuse{"SETTINGS", [](AppScene& scene, unsigned) { scene.app.settings(); }},
        Abuse{"empty DATA", [](AppScene& scene, unsigned round) {
                  static std::int32_t id = 0;
                  if (round == 0) id = scene.post();
                  scene.app.raw(h2_frame(NGHTTP2_DATA, 0, id, ""));
              }});
    CAPTURE(abuse.name);

    AppScene scene;
    scene.settle();
    for (unsigned round = 0; round < 2 * limits::resets_per_window && !scene.app.goaway_code(); ++round) {
        abuse.once(scene, round);
        scene.settle();
    }
    CHECK(scene.app.goaway_code() == NGHTTP2_ENHANCE_YOUR_CALM);
    CHECK(scene.app.saw_end());
    for (auto const& request : scene.origin.requests)
        CHECK(request->cancelled);
}

TEST_CASE("PINGs between data measure the path, and are no abuse") {
    AppScene scene;
    auto const id = scene.post();
    for (unsigned i = 0; i < 3 * limits::resets_per_window; ++i) {
        scene.app.body(id, "x");
        scene.app.ping();
        scene.settle();
    }
    CHECK_FALSE(scene.app.goaway_code());
    CHECK(scene.origin[0].body.size() == 3 * limits::resets_per_window);
}

TEST_CASE("a header block that never ends ends the connection") {
    AppScene scene;
    scene.settle();
    scene.app.raw(h2_frame(NGHTTP2_HEADERS, 0, 1, h2_field(":method", "GET")));

    SECTION("when it is long") {
        for (int i = 0; i < 100; ++i)
            scene.app.raw(h2_frame(NGHTTP2_CONTINUATION, 0, 1, h2_field("x", "y")));
        scene.settle();
    }
    SECTION("when it is slow") {
        scene.settle();
        CHECK_FALSE(scene.app.saw_end());
        scene.time_passes(limits::request_head_time);
    }
    CHECK(scene.app.goaway_code());
    CHECK(scene.app.saw_end());
    CHECK(scene.origin.count() == 0);
}

TEST_CASE("more than the window allows ends the connection or the stream") {
    AppScene scene;
    scene.origin.full = true;
    auto const id = scene.post();
    for (int i = 0; i < 5; ++i)
        scene.app.raw(h2_frame(NGHTTP2_DATA, 0, id, std::string(16'000, 'x')));
    scene.settle();
    bool const refused = scene.app.goaway_code() == NGHTTP2_FLOW_CONTROL_ERROR ||
                         scene.app[id].reset == NGHTTP2_FLOW_CONTROL_ERROR;
    CHECK(refused);
    CHECK(scene.origin[0].cancelled);
}

TEST_CASE("more streams than we allow are refused") {
    AppScene scene;
    scene.settle();
    CHECK(scene.app.remote_setting(NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS) == limits::streams);
    for (std::uint32_t i = 0; i < limits::streams; ++i)
        scene.get();
    auto const block = h2_field(":method", "GET") + h2_field(":scheme", "http") +
                       h2_field(":authority", "a.test") + h2_field(":path", "/");
    scene.app.raw(h2_frame(NGHTTP2_HEADERS, NGHTTP2_FLAG_END_HEADERS | NGHTTP2_FLAG_END_STREAM,
                           2 * limits::streams + 1, block));
    scene.settle();
    CHECK(scene.origin.count() == limits::streams);
    CHECK(scene.app.goaway_code() == NGHTTP2_PROTOCOL_ERROR);
}

TEST_CASE("bytes that are no HTTP/2 end the connection") {
    H2Peer::Options options;
    options.silent = true;
    AppScene scene(options);
    SECTION("instead of the preface") {
        scene.app.raw("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    }
    SECTION("instead of SETTINGS") {
        scene.app.raw(std::string("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") +
                      h2_frame(NGHTTP2_PING, 0, 0, "12345678"));
    }
    SECTION("or nothing") {
        scene.settle();
        CHECK_FALSE(scene.app.saw_end());
        scene.time_passes(limits::settings_time);
    }
    scene.settle();
    CHECK(scene.app.goaway_code());
    CHECK(scene.app.saw_end());
    CHECK(scene.origin.count() == 0);
}

TEST_CASE("an idle connection is closed after its time") {
    AppScene scene;
    scene.get();
    scene.time_passes(2 * limits::idle_downstream);
    CHECK_FALSE(scene.app.goaway_code()); // a request is under way
    scene.origin[0].respond(200, {}, true);
    scene.settle();
    scene.time_passes(limits::idle_downstream);
    CHECK(scene.app.goaway_code() == NGHTTP2_NO_ERROR);
    CHECK(scene.app.saw_end());
}
