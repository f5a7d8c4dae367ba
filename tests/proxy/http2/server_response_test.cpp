#include "app_scene.hpp"
#include "support/catch.hpp"

using namespace alert40;
using namespace alert40::test;

TEST_CASE("a response passes with its fields in lower case, its body and its trailers") {
    AppScene scene;
    auto const id = scene.get();
    auto& origin = scene.origin[0];
    origin.respond(
        200,
        {{"Content-Type", "text/plain"}, {"Connection", "x"}, {"Transfer-Encoding", "chunked"}, {"X", ""}});
    scene.settle();
    CHECK(scene.app[id].heads ==
          std::vector<H2Fields>{
              {{":status", "200"}, {"content-type", "text/plain"}, {"x", ""}, {"via", "1.1 alert40"}}});

    origin.send("one ");
    scene.settle();
    CHECK(scene.app[id].body == "one "); // at once
    origin.send("two");
    origin.finish({{"Grpc-Status", "0"}});
    scene.settle();
    CHECK(scene.app[id].body == "one two");
    CHECK(scene.app[id]["grpc-status"] == "0");
    CHECK(scene.app[id].ended);
    CHECK_FALSE(scene.app[id].reset);
}

TEST_CASE("trailers without a body") {
    AppScene scene;
    auto const id = scene.get();
    scene.origin[0].respond(200);
    scene.origin[0].finish({{"grpc-status", "14"}});
    scene.settle();
    CHECK(scene.app[id].heads.size() == 2);
    CHECK(scene.app[id]["grpc-status"] == "14");
    CHECK(scene.app[id].ended);
}

TEST_CASE("interim responses come before the response") {
    AppScene scene;
    auto const id = scene.post({{"expect", "100-continue"}});
    CHECK(scene.origin[0].field("expect") == "100-continue");
    scene.origin[0].interim(100, {});
    scene.origin[0].interim(103, {{"Link", "</a>"}});
    scene.settle();
    CHECK(scene.app[id].heads ==
          std::vector<H2Fields>{{{":status", "100"}}, {{":status", "103"}, {"link", "</a>"}}});
    scene.app.body(id, "x", true);
    scene.settle();
    scene.origin[0].respond(201, {}, true);
    scene.settle();
    CHECK(scene.app[id][":status"] == "201");
}

TEST_CASE("lengths: declared without a body, or of the body") {
    AppScene scene;
    auto const head = scene.app.request(
        {{":method", "HEAD"}, {":scheme", "http"}, {":authority", "a.test"}, {":path", "/"}});
    auto const get = scene.get();
    auto& of_head = scene.origin[0].head(200, {});
    of_head.declared_length = 123;
    scene.origin[0].exchange->response(of_head, true);
    auto& of_get = scene.origin[1].head(200, {});
    of_get.body = proxy::BodyLength::known(2);
    scene.origin[1].exchange->response(of_get, false);
    scene.origin[1].send("ok");
    scene.origin[1].finish();
    scene.settle();
    CHECK(scene.app[head]["content-length"] == "123");
    CHECK(scene.app[head].ended);
    CHECK(scene.app[get]["content-length"] == "2");
    CHECK(scene.app[get].body == "ok");
}

TEST_CASE("a response that is complete before its request ends the stream with NO_ERROR") {
    AppScene scene;
    auto const id = scene.post();
    scene.origin[0].respond(413);
    scene.origin[0].send("too much");
    bool const with_trailers = GENERATE(false, true);
    scene.origin[0].finish(with_trailers ? Pairs{{"x", "y"}} : Pairs{});
    scene.settle();
    CHECK(scene.app[id].body == "too much");
    CHECK(scene.app[id].ended);
    CHECK(scene.app[id].reset == NGHTTP2_NO_ERROR);
}

TEST_CASE(
    "a failure without a response gets an answer; in the midst of one the stream is reset behind what came") {
    AppScene scene;
    auto const early = scene.get();
    auto const late = scene.get();
    tls::Failure const failure{tls::By::upstream, tls::Phase::after, tls::FailureKind::reset, std::nullopt,
                               "x"};
    scene.origin[0].exchange->responder_failed(failure, false);
    scene.origin[1].respond(200);
    scene.origin[1].send("half");
    scene.origin[1].exchange->responder_failed(failure, false);
    scene.settle();
    CHECK(scene.app[early][":status"] == "502");
    CHECK(scene.app[late].body == "half");
    CHECK_FALSE(scene.app[late].ended);
    CHECK(scene.app[late].reset == NGHTTP2_INTERNAL_ERROR);
}

TEST_CASE("a head of many long fields is continued") {
    AppScene scene;
    auto const id = scene.get();
    Pairs fields;
    for (int i = 0; i < 6; ++i)
        fields.emplace_back("x-" + std::to_string(i), std::string(10'000, '~'));
    scene.origin[0].respond(200, fields, true);
    scene.settle();
    CHECK(scene.app[id]["x-5"] == std::string(10'000, '~'));
}

TEST_CASE("draining: what is under way is answered, new streams are not, then the connection closes") {
    AppScene scene;
    auto const id = scene.get();
    scene.connection->drain();
    scene.settle();
    CHECK(scene.app.goaway_code() == NGHTTP2_NO_ERROR);
    scene.connection->on_tick(scene.stage.loop.now());
    scene.settle();
    CHECK(scene.app.goaway_last() == id);
    CHECK_FALSE(scene.is_closed);
    scene.origin[0].respond(200);
    scene.origin[0].send("last words");
    scene.origin[0].finish();
    scene.settle();
    CHECK(scene.app[id].body == "last words");
    CHECK(scene.app[id].ended);
    CHECK(scene.app.saw_end());
    scene.app.hang_up();
    scene.settle();
    CHECK(scene.is_closed);
}

TEST_CASE("draining an idle connection closes it") {
    AppScene scene;
    scene.settle();
    scene.connection->drain();
    scene.settle();
    CHECK(scene.app.goaway_code() == NGHTTP2_NO_ERROR);
    CHECK(scene.app.saw_end());
    scene.time_passes(std::chrono::seconds{2}); // the client never closes its end
    CHECK(scene.is_closed);
}
