// Handshakes out of packets, as a watch on the path would have seen them.
#include "app/capture/packets.hpp"
#include "support/catch.hpp"

using namespace alert40;
using namespace alert40::tests;
using namespace std::chrono_literals;
using tls::By;
using tls::FailureKind;
using tls::Phase;

TEST_CASE("an alert right after the hello") {
    Talk talk;
    talk.stands().app(sample_hello()).later(1990ms).server(alert_40()).server_fin();
    auto const record = talk.only();
    CHECK(record.id == "1");
    CHECK(record.mode == "watch");
    CHECK(record.target == record::Target{"api.example.com", 443, "192.0.2.7", "", "direct"});
    REQUIRE(record.handshake.offered);
    CHECK(record.handshake.offered->alpn == std::vector<std::string>{"h2", "http/1.1"});
    REQUIRE(record.failure);
    CHECK(record.failure->by == By::upstream);
    CHECK(record.failure->phase == Phase::client_hello);
    REQUIRE(record.failure->alert);
    CHECK(record.failure->alert->description == tls::AlertDescription::handshake_failure);
    CHECK(record.timing.connect == 10ms);
    CHECK(record.timing.first_byte == 2030ms);
}

TEST_CASE("however the packets came") {
    auto const hello = sample_hello();
    Talk talk;
    talk.stands();
    auto const at = talk.client();
    auto const half = static_cast<std::ptrdiff_t>(hello.size() / 2);
    Buffer const first(hello.begin(), hello.begin() + half), second(hello.begin() + half, hello.end());
    talk.from_app({}, second, at + static_cast<std::uint32_t>(half))
        .from_app({}, first, at)
        .from_app({}, first, at);
    talk.server(alert_40());
    CHECK(talk.only().failure->kind == FailureKind::alert);
}

TEST_CASE("a capture that began after the SYN") {
    Talk talk;
    talk.server(bytes_of("the end of something else")); // nobody knows who is who
    talk.app(sample_hello()).server(alert_40());
    CHECK(talk.only().failure->kind == FailureKind::alert);
}

TEST_CASE("how it ended") {
    Talk talk;
    talk.stands().app(sample_hello());
    SECTION("RST from the server") {
        auto const failure = talk.server_rst().only().failure;
        REQUIRE(failure);
        CHECK(failure->kind == FailureKind::reset);
        CHECK(failure->by == By::upstream);
    }
    SECTION("FIN from the server, then one from the app") {
        auto const failure = talk.server_fin().app_fin().only().failure;
        REQUIRE(failure);
        CHECK(failure->kind == FailureKind::eof);
        CHECK(failure->by == By::upstream);
    }
    SECTION("the app gave up on a silent server") {
        auto const failure = talk.later(5s).app_fin().only().failure;
        REQUIRE(failure);
        CHECK(failure->kind == FailureKind::eof);
        CHECK(failure->by == By::downstream);
    }
    SECTION("the app still waits when the capture ends") {
        auto const failure = talk.later(5s).packet(ipv4(hex("0a000009"), hex("0a000008"), {})).only().failure;
        REQUIRE(failure);
        CHECK(failure->kind == FailureKind::timeout);
        CHECK(failure->by == By::upstream);
    }
    SECTION("the capture ends at once: that says nothing") {
        auto const record = talk.only();
        CHECK_FALSE(record.failure);
        CHECK(record.outcome == record::Outcome::passed);
    }
    SECTION("plain HTTP") {
        auto const failure = talk.server(bytes_of("HTTP/1.1 400 Bad Request\r\n\r\n")).only().failure;
        REQUIRE(failure);
        CHECK(failure->kind == FailureKind::not_tls);
    }
}

TEST_CASE("bytes that are missing are no failure") {
    Talk talk;
    talk.stands().app(sample_hello());
    talk.from_server({.fin = true}, {}, talk.server() + 500);
    auto const record = talk.only();
    CHECK_FALSE(record.failure);
    CHECK(record.notes == std::vector<std::string>{"bytes are missing in the capture"});
}

TEST_CASE("before any TLS") {
    Talk talk;
    SECTION("refused") {
        auto const record = talk.syn().server_rst().only();
        CHECK(record.failure->phase == Phase::connect);
        CHECK(record.failure->kind == FailureKind::refused);
        CHECK(record.target.host == "192.0.2.7");
    }
    SECTION("no answer") {
        auto const at = talk.client();
        talk.syn().later(1s).from_app({.syn = true, .ack = false}, {}, at);
        CHECK(talk.only().failure->kind == FailureKind::timeout);
    }
    SECTION("the server hangs up at once") {
        auto const failure = talk.stands().server_rst().only().failure;
        REQUIRE(failure);
        CHECK(failure->phase == Phase::client_hello);
        CHECK(failure->kind == FailureKind::reset);
    }
    SECTION("an app that connected in advance") {
        CHECK(talk.stands().later(60s).server_fin().records().empty());
    }
    SECTION("opened and closed") {
        CHECK(talk.stands().app_fin().records().empty());
    }
    SECTION("something else than TLS") {
        CHECK(talk.stands().app(bytes_of("GET / HTTP/1.1\r\n\r\n")).records().empty());
    }
}

TEST_CASE("through a proxy: its CONNECT is skipped") {
    Talk talk;
    talk.stands().app(bytes_of("CONNECT origin.test:8443 HTTP/1.1\r\nHost: origin.test:8443\r\n\r\n"));
    SECTION("200") {
        talk.server(bytes_of("HTTP/1.1 200 Connection established\r\n\r\n"))
            .app(sample_hello())
            .server(alert_40());
        auto const record = talk.only();
        CHECK(record.target == record::Target{"origin.test", 8443, "", "", "http://192.0.2.7:443"});
        CHECK(record.failure->kind == FailureKind::alert);
        CHECK(record.timing.connect == 40ms);
    }
    SECTION("refused") {
        auto const record = talk.server(bytes_of("HTTP/1.1 403 Forbidden\r\n\r\n")).only();
        CHECK(record.failure->phase == Phase::proxy_connect);
        CHECK(record.failure->detail == "the proxy answered CONNECT with \"HTTP/1.1 403 Forbidden\"");
    }
    SECTION("refused, and asked again with credentials") {
        talk.server(bytes_of("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"));
        talk.app(bytes_of("CONNECT origin.test:8443 HTTP/1.1\r\nProxy-Authorization: Basic eDp5\r\n\r\n"));
        talk.server(bytes_of("HTTP/1.1 200 OK\r\n\r\n")).app(sample_hello()).server(alert_40());
        CHECK(talk.only().failure->kind == FailureKind::alert);
    }
}

TEST_CASE("many connections, and one port used twice") {
    Talk talk;
    talk.stands().app(sample_hello()).server(alert_40()).server_fin();
    auto const again = talk.client() + 100000;
    talk.from_app({.syn = true, .ack = false}, {}, again).from_server({.rst = true}, {}, 0);
    auto const records = talk.records();
    REQUIRE(records.size() == 2);
    CHECK(records[0].failure->kind == FailureKind::alert);
    CHECK(records[1].id == "2");
    CHECK(records[1].failure->kind == FailureKind::refused);
}

TEST_CASE("connections without end are bounded") {
    constexpr auto most = app::capture::ConnectionTable::most_records, seen = most + 100;
    app::capture::ConnectionTable table;
    for (std::uint32_t i = 0; i < seen; ++i) {
        auto const address = Writer{}.u32(0x0a000000 + i).take();
        table.take(LinkType::raw, ipv4(address, hex("c0000207"), tcp(1000, 443, 1, {}, sample_hello())),
                   Time{});
        table.take(LinkType::raw, ipv4(hex("c0000207"), address, tcp(443, 1000, 1, {}, alert_40())), Time{});
    }
    auto const records = table.finish();
    CHECK(records.size() == most);
    CHECK(records.back().id == std::to_string(seen));
}
