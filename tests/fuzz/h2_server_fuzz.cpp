// What an app may say to our server side: nothing crashes, leaks, loops or grows, and the connection can
// always be ended. The first byte chooses how the rest is said and answered.
#include "fuzz/h2_wire.hpp"
#include "proxy/http2/fake_origin.hpp"
#include "proxy/http2/server_connection.hpp"

using namespace alert40;
using namespace std::string_view_literals;

namespace {

constexpr auto preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0"sv; // with empty SETTINGS

struct Host final : proxy::DownstreamHost {
    void closed(proxy::Downstream&) override {
        fuzz::demand(connection != nullptr);
        loop->destroy_later(std::move(connection));
    }

    void upgrade(proxy::Downstream&, std::unique_ptr<net::ByteStream>, proxy::Http2Upgrade) override {}

    void intercept(proxy::Downstream&, std::unique_ptr<net::ByteStream>, policy::Origin const&) override {}

    net::EventLoop* loop = nullptr;
    std::unique_ptr<proxy::Downstream> connection;
};

void answer(test::FakeResponder& request) {
    if (!request.protocol.empty()) {
        auto& head = request.head(101, {{"sec-websocket-accept", "x"}});
        head.upgraded = true;
        request.exchange->response(head, false);
        return;
    }
    request.interim(103, {{"Link", "</a>"}});
    if (request.exchange) request.respond(200, {{"Content-Type", "text/plain"}});
    if (request.exchange) request.send("Hello, world\n");
    if (request.exchange) request.finish({{"X-Trailer", "t"}});
}

void answer_new(test::FakeOrigin& origin, std::size_t& answered) {
    for (; answered < origin.count(); ++answered)
        if (origin[answered].exchange) answer(origin[answered]);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    if (size < 2) return 0;
    auto const how = data[0];
    test::H2Stage stage;
    test::FakeOrigin origin;
    Host host;
    host.loop = &stage.loop;
    proxy::Entrance const entrance{"127.0.0.1:4050", std::nullopt, false};
    fuzz::HostilePeer app(stage, stage.their_end(), (how & 1) == 0);
    origin.full = (how & 2) != 0;
    bool const answers = (how & 4) == 0;
    std::size_t const piece = (how & 8) ? 7 : 64 * 1024;

    host.connection =
        proxy::http2::make_server_connection({stage.our_end(tls::By::downstream), origin, entrance, host});
    if ((how & 16) == 0) app.say(preface);
    std::size_t answered = 0;
    fuzz::in_pieces({data + 1, size - 1}, piece, [&](auto bytes) {
        app.say(bytes);
        if (answers) answer_new(origin, answered);
    });
    app.turn();
    fuzz::demand(app.received() < 64 * 1024 + 4096 * size);

    if (host.connection && (how & 32)) host.connection->drain();
    if (how & 64) app.hang_up();
    for (int hours = 1; hours < 4 && host.connection; ++hours) {
        host.connection->on_tick(stage.loop.now() + std::chrono::hours{hours});
        app.turn();
    }
    if (answers && host.connection) { // only requests that are under way keep it
        app.hang_up();
        app.turn();
    }
    host.connection.reset();
    app.turn();
    for (auto const& request : origin.requests)
        fuzz::demand(!request->exchange);
    return 0;
}
