#include "proxy/upstream/origin_pool.hpp"

#include "proxy/upstream/busy_origin.hpp"
#include "proxy/upstream/scene.hpp"
#include "proxy/upstream/tls_origin.hpp"
#include "support/catch.hpp"

using namespace alert40;
using test::PeerSocket;
using test::Scene;
using test::ScriptedPeer;
using test::TlsPeer;

namespace {

constexpr std::string_view ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

test::TlsServer const& server() {
    static test::TlsServer const one(test::make_identity({}));
    return one;
}

/// To a plain http origin.
struct PlainScene : Scene {
    explicit PlainScene(ScriptedPeer const& origin)
        : PlainScene(origin.port()) {}

    explicit PlainScene(std::uint16_t port)
        : PlainScene(test::policy_for(port)) {}

    explicit PlainScene(policy::Policy policy)
        : Scene(std::move(policy)) {
        scheme = "http";
    }
};

} // namespace

TEST_CASE(
    "a connection that the origin closes as it is used again costs nobody a request that may be repeated") {
    ScriptedPeer const origin{[](PeerSocket& socket) {
        socket.read_until("\r\n\r\n");
        socket.write(ok);
        socket.read_until("\r\n\r\n"); // the second request here meets the end
    }};
    PlainScene scene(origin);
    scene.ask();
    scene.until_all_answered();
    CHECK(scene.loop.awaited() == 0);
    auto const& again = scene.ask("GET");
    scene.until_all_answered();
    CHECK(again.status == 200);
    CHECK(origin.connections() == 2);
    auto const& post = scene.ask("POST");
    scene.until_all_answered();
    CHECK(post.status == 502);
    CHECK(origin.connections() == 2);
}

TEST_CASE("a request is sent four times at most") {
    ScriptedPeer const origin{[](PeerSocket& socket) { socket.read_until("\r\n\r\n"); }};
    PlainScene scene(origin);
    auto const& app = scene.ask();
    scene.until_all_answered();
    CHECK(app.status == 502);
    CHECK(origin.connections() == 4);
}

TEST_CASE("an app may go away at every moment") {
    ScriptedPeer const origin{[](PeerSocket& socket) { socket.wait_for_end(); }};
    PlainScene scene(origin);
    auto& leaves = scene.ask();
    SECTION("while it waits for a dial") {
        scene.loop.post([&] { leaves.exchange.reset(); });
        scene.settle();
    }
    SECTION("in the very turn in which a connection stands") {
        scene.until([&] { return origin.connections() == 1; });
        leaves.exchange.reset();
    }
    SECTION("while it waits for the answer") {
        scene.until([&] { return leaves.exchange->times_sent() == 1; });
        leaves.exchange.reset();
    }
    scene.settle();
    CHECK_FALSE(leaves.over);
}

TEST_CASE("a request that is never answered is a 504, and its connection is used no more") {
    ScriptedPeer const origin{[](PeerSocket& socket) { socket.wait_for_end(); }};
    PlainScene scene(origin);
    auto const& app = scene.ask();
    scene.until([&] { return app.exchange->times_sent() == 1; });
    CHECK(scene.loop.awaited() == 1);
    scene.tick_after(proxy::limits::response_head_time - std::chrono::seconds{1});
    CHECK(scene.loop.awaited() == 0); // not soon
    CHECK_FALSE(app.over);
    scene.tick_after(proxy::limits::response_head_time + std::chrono::seconds{1});
    CHECK(app.over);
    CHECK(app.status == 504);
    auto const& next = scene.ask();
    scene.until([&] { return next.exchange->times_sent() == 1 && origin.connections() == 2; });
    CHECK_FALSE(next.over);
}

TEST_CASE("an answer that is kept back on purpose is overdue by the rule that does it") {
    ScriptedPeer const origin{[](PeerSocket& socket) {
        socket.read_until("\r\n\r\n");
        socket.write(ok);
        socket.wait_for_end();
    }};
    using Path = policy::fault::Path;
    auto policy = test::policy_for(origin.port());
    policy.rules.front().faults = {
        {.as = policy::FaultRole::client,
         .at = policy::FaultPoint::connect,
         .when = {},
         .action = Path{.kind = Path::Kind::silence, .direction = tls::Direction::received}}};
    PlainScene scene(std::move(policy));
    auto const& app = scene.ask();
    scene.until([&] { return app.exchange->times_sent() == 1; });
    scene.tick_after(proxy::limits::response_head_time + std::chrono::seconds{1});
    CHECK(app.status == 504);
    CHECK(app.body.find("on purpose") != std::string::npos);
    CHECK(app.body.find("\"test\"") != std::string::npos);
    auto const records = scene.sink.recent();
    auto const& broken = std::get<record::ConnectionFailureRecord>(records.at(0));
    CHECK(broken.failure.by == tls::By::injected);
    CHECK(broken.failure.kind == tls::FailureKind::timeout);
    CHECK(broken.injected_by == "test");
}

TEST_CASE(
    "the time for an answer begins anew while the app is still sending, and ends with the answer's head") {
    ScriptedPeer const origin{[](PeerSocket& socket) {
        socket.read_until("last");
        socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no");
        socket.wait_for_end();
    }};
    PlainScene scene(origin);
    auto& app = *scene.apps.emplace_back(std::make_unique<test::App>(*scene.pool, scene.entrance));
    auto& request = app.exchange->request();
    request.method = "POST";
    request.scheme = "http";
    request.authority = "origin.test";
    request.path = "/";
    request.absolute_form = true;
    request.body = proxy::BodyLength::known(4);
    scene.loop.post([&] { app.exchange->start(false); });
    scene.until([&] { return app.exchange->times_sent() == 1; });
    scene.tick_after(proxy::limits::response_head_time);
    CHECK_FALSE(app.over);

    std::string_view const last = "last";
    app.exchange->request_body({reinterpret_cast<std::uint8_t const*>(last.data()), last.size()});
    app.exchange->request_end({});
    scene.until([&] { return app.body == "o"; });
    scene.tick_after(3 * proxy::limits::response_head_time);
    CHECK(app.status == 200);
    CHECK_FALSE(app.over);
}

TEST_CASE("too many that wait are told so") {
    ScriptedPeer const origin{[](PeerSocket& socket) { socket.wait_for_end(); }};
    auto policy = test::policy_for(origin.port());
    Scene scene(std::move(policy)); // the handshake never ends
    for (std::size_t i = 0; i < proxy::limits::waiting_per_origin; ++i)
        scene.ask();
    auto const& one_more = scene.ask();
    scene.until([&] { return one_more.over; });
    CHECK(one_more.status == 503);
    CHECK_FALSE(scene.apps.front()->over);

    SECTION("and those whose wait does not end, too") {
        scene.tick_after(proxy::limits::response_head_time + std::chrono::seconds{1});
        CHECK(scene.apps.front()->status == 503);
    }
}

TEST_CASE("a burst over HTTP/1.1 takes turns on few connections") {
    test::BusyOrigin const origin{std::string(ok)};
    PlainScene scene(origin.port());
    scene.ask();
    scene.until_all_answered(); // now it is known to be HTTP/1.1
    for (std::size_t i = 0; i < 10 * proxy::limits::busy_per_origin; ++i)
        scene.ask();
    scene.until_all_answered();
    CHECK(std::ranges::all_of(scene.apps, [](auto const& app) { return app->status == 200; }));
    CHECK(origin.connections() < 5 * proxy::limits::busy_per_origin);
}

TEST_CASE("where none comes free, each request gets a connection of its own after a while") {
    constexpr auto requests = 2 * proxy::limits::busy_per_origin;
    test::BusyOrigin const origin{""}; // as one whose streams of events never say anything
    PlainScene scene(origin.port());
    for (std::size_t i = 0; i < requests; ++i)
        scene.ask();
    scene.until([&] { return origin.connections() == requests; });
    CHECK_FALSE(scene.apps.front()->over);
}

TEST_CASE("gRPC is refused over HTTP/1.1, gRPC-Web is not") {
    ScriptedPeer const origin{[](PeerSocket& socket) {
        for (auto head = socket.read_until("\r\n\r\n"); !head.empty(); head = socket.read_until("\r\n\r\n"))
            socket.write(ok);
    }};
    PlainScene scene(origin);
    auto const& grpc = scene.ask("POST", {}, "application/grpc+proto");
    scene.until_all_answered();
    CHECK(grpc.body.empty()); // trailers-only, in the app's own language
    CHECK(grpc.status == 200);
    auto const& web = scene.ask("POST", {}, "application/grpc-web+proto");
    scene.until_all_answered();
    CHECK(web.body == "ok");
}

TEST_CASE("an upgrade that the origin's HTTP/2 does not carry goes over HTTP/1.1, and dials for it once") {
    ScriptedPeer const origin{[](PeerSocket& socket) {
        TlsPeer const peer(server(), socket);
        if (peer.alpn() == "h2") return peer.serve_http2([&](auto stream) { peer.answer(stream); });
        auto const head = peer.read_some();
        if (head.find("pgrade: echo") == std::string::npos) return;
        peer.write("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n");
        peer.read_some();
    }};
    Scene scene(test::policy_for(origin.port()));
    auto const& upgraded = scene.ask("GET", "echo");
    // one connection at a time at this origin: the h2 one has to go first
    scene.until([&] { return scene.sink.taken() == 1; });
    scene.settle();
    scene.tick_after(proxy::limits::idle_upstream);
    scene.until_all_answered();
    CHECK(upgraded.status == 101);
    CHECK(origin.connections() == 2);
}

TEST_CASE("GOAWAY takes a connection out: what comes next is dialled for, and sent once") {
    ScriptedPeer const origin{[](PeerSocket& socket) {
        TlsPeer const peer(server(), socket);
        peer.serve_http2([&](auto stream) { // and goes on serving: leaving is up to the other side
            if (stream == 1) peer.goaway_after(stream); // before the answer, so that it has been read by then
            peer.answer(stream);
        });
    }};
    Scene scene(test::policy_for(origin.port()));
    for (int i = 0; i < 3; ++i) {
        auto const& app = scene.ask();
        scene.until_all_answered();
        scene.settle();
        CHECK(app.status == 200);
        CHECK(app.exchange->times_sent() == 1);
    }
    CHECK(origin.connections() == 3);
}
