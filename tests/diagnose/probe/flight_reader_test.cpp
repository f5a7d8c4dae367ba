// What real servers say to a hello that was made here, read from their bytes.

#include "diagnose/probe/flight_reader.hpp"

#include "diagnose/hello/fresh.hpp"
#include "diagnose/hello/plain_hello.hpp"
#include "diagnose/probe/scripted_server.hpp"
#include "support/bytes.hpp"
#include "support/catch.hpp"
#include "tls/wire/alert_message.hpp"

#include <openssl/ssl.h>

#include <string>

using namespace alert40;
using namespace alert40::diagnose;
using test::TlsServer;
using tls::FailureKind;

namespace {

using Bytes = std::span<std::uint8_t const>;

/// A hello of now, and the private halves.
struct Question {
    explicit Question(PlainHello const& plain)
        : keys(*tls::engine::ClientKeys::make(plain.key_shares))
        , hello(built(plain)) {
        Fresh fresh{keys.random(), keys.session_id(), {}};
        for (auto const& share : keys.shares())
            fresh.key_shares.push_back({share.group, share.key_exchange});
        hello = freshened(hello, fresh);
    }

    FlightReader reader() const { return FlightReader{message_of(hello), &keys}; }

    tls::engine::ClientKeys keys;
    Hello hello;
};

test::Identity const& identity() {
    static auto const one = test::make_identity({});
    return one;
}

Answer read_flight(Question const& question, Bytes flight) {
    auto reader = question.reader();
    reader.feed(flight);
    if (!reader.over()) reader.end(FailureKind::eof, "the end");
    return reader.answer();
}

/// The answer of this server; the same however its bytes come, and an end short of it is one.
Answer answer_of(TlsServer const& server, PlainHello const& plain) {
    Question const question{plain};
    auto const flight = test::flight_of(server, records_of(question.hello));
    auto const answer = read_flight(question, flight);
    auto by_bytes = question.reader();
    for (std::size_t i = 0; i < flight.size() && !by_bytes.over(); ++i)
        by_bytes.feed(Bytes(flight).subspan(i, 1));
    CHECK(by_bytes.over());
    CHECK(summary_of(by_bytes.answer()) == summary_of(answer));
    CHECK(by_bytes.answer().certificates == answer.certificates);
    auto early = question.reader();
    early.feed(Bytes(flight).first(flight.size() / 2));
    CHECK_FALSE(early.over());
    return answer;
}

TlsServer const& any_server() {
    static TlsServer const one{identity()};
    return one;
}

} // namespace

TEST_CASE("a flight of TLS 1.3 is opened with our own key share") {
    for (auto const group : std::vector<std::uint16_t>{0x001d, 0x0017, 0x0018, 0x0019, 0x001e}) {
        for (auto const suite : std::vector<std::uint16_t>{0x1301, 0x1302, 0x1303}) {
            INFO(group << " " << suite);
            auto const answer = answer_of(
                any_server(),
                {.cipher_suites = {suite}, .groups = {group}, .alpn = {"h2"}, .key_shares = {group}});
            CHECK(answer.works());
            CHECK(answer.whole);
            CHECK(answer.choice->version == 0x0304);
            CHECK(answer.choice->cipher_suite == suite);
            CHECK(answer.choice->group == group);
            CHECK(answer.choice->session_id_echoed);
            CHECK(answer.alpn == "h2");
            CHECK(answer.certificates.size() == 1);
            CHECK(answer.signature == 0x0403);
            CHECK_FALSE(answer.certificate_requested);
        }
    }
}

TEST_CASE("a flight of TLS 1.2") {
    auto const answer =
        answer_of(any_server(), {.versions = {0x0303}, .server_name = "origin.test", .alpn = {"http/1.1"}});
    CHECK(answer.works());
    CHECK(summary_of(answer) == "TLS 1.2 with TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
    CHECK(answer.choice->group == 0x001d);
    CHECK(answer.choice->extended_master_secret);
    CHECK(answer.choice->secure_renegotiation);
    CHECK(answer.choice->session_ticket);
    CHECK(answer.choice->downgrade_marked);
    CHECK(answer.alpn == "http/1.1");
    CHECK(answer.signature == 0x0403);
    CHECK(answer.certificates.size() == 1);
}

TEST_CASE("a group that has no share is asked for") {
    TlsServer const server{identity(), [](SSL_CTX* context) { SSL_CTX_set1_groups_list(context, "P-384"); }};
    auto const answer = answer_of(server, {});
    CHECK(answer.works());
    CHECK(answer.choice->retry);
    CHECK(answer.choice->group == 0x0018);
}

TEST_CASE("the size of the prime of DHE") {
    TlsServer const server{test::make_identity({.key = test::KeyKind::rsa_2048}),
                           [](SSL_CTX* context) { SSL_CTX_set_dh_auto(context, 1); }};
    auto const answer = answer_of(server, {.versions = {0x0303}, .cipher_suites = {0x009e}});
    CHECK(answer.works());
    CHECK(answer.dh_bits == 2048);
    CHECK(answer.signature == 0x0804);
}

TEST_CASE("a certificate that a server asks for") {
    TlsServer const server{identity(), [](SSL_CTX* context) {
                               SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
                                                  nullptr);
                           }};
    CHECK(answer_of(server, {}).certificate_requested);
    CHECK(answer_of(server, {.versions = {0x0303}}).certificate_requested);
}

TEST_CASE("a refusal") {
    auto const answer = answer_of(any_server(), {.versions = {0x0303}, .cipher_suites = {0x0005}});
    CHECK_FALSE(answer.works());
    CHECK(summary_of(answer) == "alert 40 handshake_failure");
    CHECK(answer.failure->phase == tls::Phase::client_hello);
    CHECK(answer.failure->alert->level == tls::AlertLevel::fatal);
    CHECK(answer.alerts.size() == 1);
    auto const scsv = answer_of(any_server(), {.versions = {0x0303}, .fallback_scsv = true});
    CHECK(summary_of(scsv) == "alert 86 inappropriate_fallback");
}

TEST_CASE("a group without a private half leaves the flight hidden") {
    Question const question{{}};
    auto const flight = test::flight_of(any_server(), records_of(question.hello));
    FlightReader reader{message_of(question.hello), nullptr};
    CHECK(reader.feed(flight));
    CHECK(reader.answer().hidden);
    CHECK_FALSE(reader.answer().hidden_alert);
    CHECK(reader.answer().works());
    CHECK_FALSE(reader.answer().whole);
}

TEST_CASE("what is no TLS is shown") {
    Question const question{{}};
    auto const answer = read_flight(question, test::bytes_in("HTTP/1.1 400 Bad Request\r\n\r\n"));
    CHECK(answer.failure->kind == FailureKind::not_tls);
    CHECK(answer.failure->detail == "not TLS but HTTP: the answer starts with `HTTP/1.1 400 Bad Request`");
    CHECK(answer.start.size() == 28);
}

TEST_CASE("a warning does not end the flight") {
    Question const question{PlainHello{.versions = {0x0303}}};
    auto const alert =
        tls::wire::alert_record(tls::AlertLevel::warning, tls::AlertDescription::unrecognized_name);
    auto const flight = test::flight_of(any_server(), records_of(question.hello));
    auto const answer = read_flight(question, tests::joined({alert, flight}));
    CHECK(answer.works());
    CHECK(answer.alerts.size() == 1);
    auto const closed =
        tls::wire::alert_record(tls::AlertLevel::warning, tls::AlertDescription::close_notify);
    CHECK(summary_of(read_flight(question, closed)) == "alert 0 close_notify");
}

TEST_CASE("what has no end is left") {
    Question const question{PlainHello{.versions = {0x0303}}};
    auto const flight = test::flight_of(any_server(), records_of(question.hello));
    auto const first =
        Bytes(flight).first(5 + (static_cast<std::size_t>(flight[3]) << 8 | flight[4])); // ServerHello

    struct Endless {
        char const* name;
        tests::Buffer again;
        char const* says;
    };

    auto const hundred_kilobytes =
        tests::joined({tests::hex("16 0303 4000 0b 010000"), tests::Buffer(0x3ffc)});
    for (auto const& endless :
         {Endless{"messages", tests::hex("16 0303 0004 0b000000"), "more than 32 messages"},
          Endless{"warnings", tests::hex("15 0303 0002 0170"), "more than 512 records"},
          Endless{"nothing", tests::hex("17 0303 0000"), "a record of type 23"}}) {
        INFO(endless.name);
        auto reader = question.reader();
        reader.feed(first);
        for (int i = 0; i < 2000 && !reader.over(); ++i)
            reader.feed(endless.again);
        REQUIRE(reader.over());
        CHECK(reader.answer().alerts.size() <= Answer::most_alerts);
    }
    auto reader = question.reader();
    reader.feed(first);
    reader.feed(hundred_kilobytes);
    auto const more = tests::joined({tests::hex("16 0303 4000"), tests::Buffer(0x4000)});
    for (int i = 0; i < 100 && !reader.over(); ++i)
        reader.feed(more);
    REQUIRE(reader.over());
    CHECK(reader.answer().bytes <= FlightReader::most_bytes + more.size());
}

TEST_CASE("a flight that is wrong somewhere") {
    Question const question{{}};
    auto const says = [&](std::string_view hex) {
        return read_flight(question, tests::hex(hex)).failure->detail;
    };
    CHECK(says("16 0303 0004 0e000000") == "its first message is no ServerHello but a handshake message 14");
    CHECK(says("16 0303 0008 02000004 03030000") == "a ServerHello that is none");
    CHECK(says("15 0303 0003 022800") == "an alert that is none");
    CHECK(says("16 0303 0000") == "a record that is none");
    CHECK(says("16 0303 0004 02ffffff") == "a handshake message that is too long");
    CHECK(says("17 0303 0001 00") == "a record of type 23 in a handshake");

    auto flight = test::flight_of(any_server(), records_of(question.hello));
    flight.back() ^= 1; // of an encrypted record
    auto const answer = read_flight(question, flight);
    CHECK(answer.failure->detail == "an encrypted record that our key share does not open");
    CHECK(answer.choice);
}
