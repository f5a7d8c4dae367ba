#include "app_scene.hpp"
#include "support/breaker.hpp"
#include "support/catch.hpp"

using namespace alert40;
using namespace alert40::test;
using Kind = proxy::Breach::Kind;

namespace {

/// A response whose first four bytes have passed.
struct Answered {
    AppScene scene;
    std::int32_t id = scene.get();
    FakeResponder& origin = scene.origin[0];
    Breaker& breaker = Breaker::before(*origin.exchange);

    Answered() {
        origin.respond(200, {{"content-length", "100"}});
        origin.send("four");
        scene.settle();
    }

    void break_with(proxy::Breach const& breach) {
        breaker.break_now(breach);
        scene.settle();
    }
};

} // namespace

TEST_CASE("a stream is reset with any code, behind what was written, and the connection goes on") {
    Answered answered;
    answered.origin.send("more");
    answered.break_with({Kind::rst_stream, 0xdeadbeef});
    auto const& app = answered.scene.app[answered.id];
    CHECK(app.body == "fourmore");
    CHECK(app.reset == 0xdeadbeefU);
    CHECK(answered.origin.cancelled);
    CHECK_FALSE(answered.scene.app.goaway_code());
    answered.scene.get();
    CHECK(answered.scene.origin.count() == 2);
}

TEST_CASE("a stream is reset before its head") {
    AppScene scene;
    auto const id = scene.post();
    Breaker::before(*scene.origin[0].exchange).break_now({Kind::rst_stream, NGHTTP2_HTTP_1_1_REQUIRED});
    scene.settle();
    CHECK(scene.app[id].heads.empty());
    CHECK(scene.app[id].reset == static_cast<std::uint32_t>(NGHTTP2_HTTP_1_1_REQUIRED));
    CHECK(scene.origin[0].cancelled);
}

TEST_CASE("a body that is cut short ends with END_STREAM") {
    Answered answered;
    answered.break_with({Kind::cut_short});
    auto const& app = answered.scene.app[answered.id];
    CHECK(app.body == "four");
    CHECK(app.ended);
    CHECK(answered.origin.cancelled);
    CHECK_FALSE(answered.scene.is_closed);
}

TEST_CASE("GOAWAY says whether the request may have been acted on, and ends the connection") {
    bool const processed = GENERATE(true, false);
    AppScene scene;
    auto const first = scene.get();
    auto const second = scene.get();
    Breaker::before(*scene.origin[1].exchange)
        .break_now({Kind::goaway, NGHTTP2_ENHANCE_YOUR_CALM, processed});
    scene.settle();
    CHECK(scene.app.goaway_code() == static_cast<std::uint32_t>(NGHTTP2_ENHANCE_YOUR_CALM));
    CHECK(scene.app.goaway_last() == (processed ? second : first));
    CHECK(scene.app.saw_end());
    CHECK(scene.origin[0].cancelled);
    CHECK(scene.origin[1].cancelled);
}

TEST_CASE("GOAWAY in the face of the first request names no stream") {
    AppScene scene;
    scene.get();
    Breaker::before(*scene.origin[0].exchange).break_now({Kind::goaway, 0});
    scene.settle();
    CHECK(scene.app.goaway_code() == 0U);
    CHECK(scene.app.goaway_last() == 0);
}

TEST_CASE("the connection is closed or reset under its streams, without a word") {
    auto const kind = GENERATE(Kind::close, Kind::reset);
    Answered answered;
    answered.break_with({kind});
    CHECK_FALSE(answered.scene.app.goaway_code());
    CHECK(answered.scene.app.saw_end());
    CHECK_FALSE(answered.scene.app[answered.id].ended);
    CHECK(answered.origin.cancelled);
    CHECK(answered.scene.is_closed == (kind == Kind::reset)); // a FIN waits for the app's
}

// ---- from its beginning

TEST_CASE("SETTINGS are never acknowledged, and all else is as it was") {
    AppScene scene({}, std::nullopt, {.no_settings_ack = true});
    auto const id = scene.get();
    scene.origin[0].respond(200, {}, true);
    scene.settle();
    CHECK(scene.app[id][":status"] == "200");
    CHECK(scene.app.settings_acks() == 0);

    AppScene well;
    well.get();
    CHECK(well.app.settings_acks() == 1);
}

TEST_CASE("a window that is never opened takes nothing, and what goes down passes") {
    AppScene scene({}, std::nullopt, {.no_window = true});
    scene.get();
    auto const id = scene.post();
    CHECK(scene.app.remote_setting(NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE) == 0);
    scene.app.body(id, "never", true);
    scene.settle();
    CHECK(scene.app.window(id) == 0);
    CHECK(scene.origin[1].body.empty());
    CHECK_FALSE(scene.origin[1].ended);
    CHECK(scene.app.window_updates() == 0);
    scene.origin[0].respond(200);
    scene.origin[0].send("down");
    scene.settle();
    CHECK(scene.app[1].body == "down");
}

TEST_CASE("GOAWAY as the first word after SETTINGS") {
    AppScene scene({}, std::nullopt, {.goaway = NGHTTP2_INADEQUATE_SECURITY});
    scene.settle();
    CHECK(scene.app.goaway_code() == static_cast<std::uint32_t>(NGHTTP2_INADEQUATE_SECURITY));
    CHECK(scene.app.goaway_last() == 0);
    CHECK(scene.app.saw_end());
    CHECK(scene.origin.count() == 0);
    scene.app.hang_up();
    scene.settle();
    CHECK(scene.is_closed);
}
