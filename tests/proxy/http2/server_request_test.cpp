#include "app_scene.hpp"
#include "support/catch.hpp"

using namespace alert40;
using namespace alert40::test;

namespace {

H2Fields get_with(H2Fields more) {
    H2Fields fields{{":method", "GET"}, {":scheme", "http"}, {":authority", "a.test"}, {":path", "/"}};
    fields.insert(fields.end(), more.begin(), more.end());
    return fields;
}

} // namespace

TEST_CASE("a GET arrives with what it said, without what belongs to the connection") {
    AppScene scene;
    auto const id =
        scene.app.request(get_with({{"x-a", "1"}, {"te", "trailers"}, {"proxy-authorization", "Basic x"}}));
    scene.settle();

    REQUIRE(scene.origin.count() == 1);
    auto& request = scene.origin[0];
    CHECK(request.method == "GET");
    CHECK(request.scheme == "http");
    CHECK(request.authority == "a.test");
    CHECK(request.path == "/");
    CHECK(request.ended);
    CHECK(request.length == proxy::BodyLength::none());
    CHECK(request.trailers_accepted);
    CHECK(request.fields == Pairs{{"x-a", "1"}, {"via", "2 alert40"}});

    request.respond(204, {}, true);
    scene.settle();
    CHECK(scene.app[id][":status"] == "204");
    CHECK(scene.app[id].ended);
    CHECK_FALSE(scene.app[id].reset);
}

TEST_CASE("Host stands in for :authority, and may repeat it") {
    AppScene scene;
    scene.app.request({{":method", "GET"}, {":scheme", "http"}, {":path", "/"}, {"host", "b.test:81"}});
    scene.app.request(get_with({{"host", "A.test"}}));
    scene.settle();
    REQUIRE(scene.origin.count() == 2);
    CHECK(scene.origin[0].authority == "b.test:81");
    CHECK(scene.origin[1].authority == "a.test");
    CHECK(scene.origin[1].field("host").empty());
}

TEST_CASE("cookie crumbs are joined") {
    AppScene scene;
    scene.app.request(get_with({{"cookie", "a=1"}, {"x", "y"}, {"cookie", "b=2"}, {"cookie", "c=3"}}));
    scene.settle();
    CHECK(scene.origin[0].fields == Pairs{{"cookie", "a=1; b=2; c=3"}, {"x", "y"}, {"via", "2 alert40"}});
}

TEST_CASE("a request with a body and trailers passes piece by piece") {
    AppScene scene;
    auto const id = scene.post({{"content-type", "application/grpc"}});
    auto& request = scene.origin[0];
    CHECK(request.length == proxy::BodyLength::unknown());
    CHECK_FALSE(request.ended);

    scene.app.body(id, "one ");
    scene.settle();
    CHECK(request.body == "one ");
    scene.app.body(id, "two");
    scene.settle();
    CHECK(request.body == "one two");
    scene.app.trailers(id, {{"x-sum", "7"}, {"host", "evil"}});
    scene.settle();
    CHECK(request.ended);
    CHECK(request.trailers == Pairs{{"x-sum", "7"}});
}

TEST_CASE("a declared length is kept, and one that lies resets the stream") {
    AppScene scene;
    auto const honest = scene.post({{"content-length", "4"}});
    scene.app.body(honest, "four", true);
    auto const liar = scene.post({{"content-length", "5"}});
    scene.app.body(liar, "four", true);
    auto const talker = scene.post({{"content-length", "3"}});
    scene.app.body(talker, "four", false);
    scene.settle();

    CHECK(scene.origin[0].length == proxy::BodyLength::known(4));
    CHECK(scene.origin[0].ended);
    for (auto const bad : {liar, talker}) {
        CHECK(scene.app[bad].reset == NGHTTP2_PROTOCOL_ERROR);
    }
    CHECK(scene.origin[1].cancelled);
    CHECK_FALSE(scene.origin[1].ended);
    CHECK(scene.origin[2].cancelled);
}

TEST_CASE("an ambiguous or malformed request resets its stream and reaches nobody") {
    struct Row {
        char const* name;
        H2Fields fields;
    };

    auto const row = GENERATE(
        Row{"Host that disagrees", get_with({{"host", "other.test"}})},
        Row{"two Hosts", get_with({{"host", "a.test"}, {"host", "a.test"}})},
        Row{"Connection", get_with({{"connection", "close"}})},
        Row{"Keep-Alive", get_with({{"keep-alive", "1"}})},
        Row{"Proxy-Connection", get_with({{"proxy-connection", "close"}})},
        Row{"Transfer-Encoding", get_with({{"transfer-encoding", "chunked"}})},
        Row{"Upgrade", get_with({{"upgrade", "websocket"}})}, Row{"TE with more", get_with({{"te", "gzip"}})},
        Row{"CR LF in a value", get_with({{"x", "a\r\nEvil: 1"}})},
        Row{"LF in a value", get_with({{"x", "a\nEvil: 1"}})},
        Row{"NUL in a value", get_with({{"x", std::string("a\0b", 3)}})},
        Row{"space before a value", get_with({{"x", " a"}})},
        Row{"space behind a value", get_with({{"x", "a\t"}})},
        Row{"colon in a name", get_with({{"x:y", "a"}})}, Row{"space in a name", get_with({{"x y", "a"}})},
        Row{"line break in a name", get_with({{"x\r\ny", "a"}})},
        Row{"unknown pseudo-header",
            {{":method", "GET"}, {":scheme", "http"}, {":path", "/"}, {":authority", "a.test"}, {":x", "y"}}},
        Row{"pseudo-header behind a field",
            {{":method", "GET"}, {"x", "y"}, {":scheme", "http"}, {":path", "/"}, {":authority", "a.test"}}},
        Row{"two paths", get_with({{":path", "/2"}})},
        Row{"no path", {{":method", "GET"}, {":scheme", "http"}, {":authority", "a.test"}}},
        Row{"no method", {{":path", "/"}, {":scheme", "http"}, {":authority", "a.test"}}},
        Row{"no scheme", {{":method", "GET"}, {":path", "/"}, {":authority", "a.test"}}},
        Row{"nobody asked", {{":method", "GET"}, {":scheme", "http"}, {":path", "/"}}},
        Row{"space in the path",
            {{":method", "GET"}, {":scheme", "http"}, {":authority", "a.test"}, {":path", "/a b"}}},
        Row{"line break in the path",
            {{":method", "GET"},
             {":scheme", "http"},
             {":authority", "a.test"},
             {":path", "/ HTTP/1.1\r\nX: y"}}},
        Row{"path that is a URL",
            {{":method", "GET"}, {":scheme", "http"}, {":authority", "a.test"}, {":path", "http://b.test/"}}},
        Row{"fragment",
            {{":method", "GET"}, {":scheme", "http"}, {":authority", "a.test"}, {":path", "/#x"}}},
        Row{"space in the method",
            {{":method", "GET /x"}, {":scheme", "http"}, {":authority", "a.test"}, {":path", "/"}}},
        Row{"user information",
            {{":method", "GET"}, {":scheme", "http"}, {":authority", "u:p@a.test"}, {":path", "/"}}},
        Row{"slash in the authority",
            {{":method", "GET"}, {":scheme", "http"}, {":authority", "a.test/x"}, {":path", "/"}}},
        Row{"bad port",
            {{":method", "GET"}, {":scheme", "http"}, {":authority", "a.test:99999"}, {":path", "/"}}},
        Row{"* without OPTIONS",
            {{":method", "GET"}, {":scheme", "http"}, {":authority", "a.test"}, {":path", "*"}}},
        Row{"two lengths", get_with({{"content-length", "0"}, {"content-length", "0"}})},
        Row{"length that is none", get_with({{"content-length", "+1"}})},
        Row{"CONNECT without port", {{":method", "CONNECT"}, {":authority", "a.test"}}},
        Row{"CONNECT with a path",
            {{":method", "CONNECT"}, {":authority", "a.test:1"}, {":path", "/"}, {":scheme", "http"}}},
        Row{":protocol without CONNECT", get_with({{":protocol", "websocket"}})});
    CAPTURE(row.name);

    AppScene scene;
    auto const bad = scene.app.request(row.fields);
    scene.settle();
    CHECK(scene.app[bad].reset == NGHTTP2_PROTOCOL_ERROR);
    CHECK(scene.origin.count() == 0);

    scene.get(); // the connection goes on
    CHECK(scene.origin.count() == 1);
}

TEST_CASE("upper case in a field name resets the stream") {
    AppScene scene;
    scene.settle();
    // nghttp2 would send it in lower case
    auto const block = h2_field(":method", "GET") + h2_field(":scheme", "http") +
                       h2_field(":authority", "a.test") + h2_field(":path", "/") + h2_field("X-Upper", "1");
    scene.app.raw(h2_frame(NGHTTP2_HEADERS, NGHTTP2_FLAG_END_HEADERS | NGHTTP2_FLAG_END_STREAM, 1, block));
    scene.settle();
    CHECK(scene.app[1].reset == NGHTTP2_PROTOCOL_ERROR);
    CHECK(scene.origin.count() == 0);
}

TEST_CASE("OPTIONS * passes") {
    AppScene scene;
    scene.app.request(
        {{":method", "OPTIONS"}, {":scheme", "http"}, {":authority", "a.test"}, {":path", "*"}});
    scene.settle();
    CHECK(scene.origin[0].path == "*");
}

TEST_CASE("a head that is too large gets 431, and so does one with too many fields") {
    AppScene scene;
    H2Fields wide;
    for (int i = 0; i < 300; ++i)
        wide.emplace_back("x" + std::to_string(i), "y");
    auto const many = scene.app.request(get_with(wide));
    H2Fields long_ones;
    for (int i = 0; i < 200; ++i)
        long_ones.emplace_back("x" + std::to_string(i), std::string(300, '~'));
    auto const large = scene.app.request(get_with(long_ones), false);
    scene.settle();
    CHECK(scene.app[many][":status"] == "431");
    CHECK(scene.app[many].ended);
    CHECK(scene.app[large][":status"] == "431");
    CHECK(scene.app[large].reset == NGHTTP2_NO_ERROR); // nobody reads its body
    CHECK(scene.origin.count() == 0);
}

TEST_CASE("an upgraded connection answers its first request on stream 1") {
    proxy::Http2Upgrade upgrade;
    upgrade.settings = std::string("\0\4\0\0\0\5", 6); // INITIAL_WINDOW_SIZE 5
    upgrade.head.method = "GET";
    upgrade.head.authority = "a.test";
    upgrade.head.path = "/first";
    H2Peer::Options options;
    options.silent = true;
    AppScene scene(options, std::move(upgrade));
    scene.settle();
    REQUIRE(scene.origin.count() == 1);
    CHECK(scene.origin[0].path == "/first");
    CHECK(scene.origin[0].ended);
    scene.origin[0].respond(200);
    scene.origin[0].send("hello world");
    scene.settle();
    CHECK_FALSE(scene.is_closed);
    CHECK_FALSE(scene.origin[0].cancelled);
}

TEST_CASE("HTTP2-Settings that are none end the connection") {
    proxy::Http2Upgrade upgrade;
    upgrade.settings = "12345";
    upgrade.head.method = "GET";
    AppScene scene({}, std::move(upgrade));
    scene.settle();
    CHECK(scene.origin.count() == 0);
    CHECK(scene.app.goaway_code() == NGHTTP2_PROTOCOL_ERROR);
    CHECK(scene.app.saw_end());
}

TEST_CASE("a client that goes away takes its requests along") {
    AppScene scene;
    scene.get();
    SECTION("by RST_STREAM") {
        scene.app.reset(1, NGHTTP2_CANCEL);
        scene.settle();
        CHECK_FALSE(scene.is_closed);
    }
    SECTION("by hanging up") {
        scene.app.hang_up();
        scene.settle();
        CHECK(scene.is_closed);
    }
    CHECK(scene.origin[0].cancelled);
}
