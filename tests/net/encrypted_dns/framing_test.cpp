#include "net/encrypted_dns/dns_framing.hpp"

#include "support/catch.hpp"
#include "support/h2_server.hpp"

#include <string>

using namespace alert40;
using namespace std::string_literals;
using Catch::Matchers::Contains;
using net::DnsFraming;
using net::DnsMessage;

namespace {

DnsMessage message(std::string const& text) {
    return {text.begin(), text.end()};
}

std::string text(bytes::ByteQueue& queue) {
    std::string const out(queue.data().begin(), queue.data().end());
    queue.clear();
    return out;
}

auto const question = "\0\0\1\0\0\1\0\0\0\0\0\0question"s;
auto const answer = "\0\0\x81\0\0\1\0\0\0\0\0\0answer"s;

std::string framed(std::string message, char id) {
    message[1] = id;
    return "\0"s + static_cast<char>(message.size()) + message;
}

/// DNS over HTTPS, and its server.
struct Https {
    Https() { framing->begin(out); }

    std::optional<std::string> pump() {
        std::optional<std::string> end;
        server.pump(out, [&](std::span<std::uint8_t const> bytes) {
            end = framing->take(bytes, out, answered);
            return !end;
        });
        return end;
    }

    /// One question, and this as the answer to it.
    DnsFraming::Answered ask_and_get(test::H2Fields const& head, std::string const& body) {
        framing->ask(7, message(question), out);
        pump();
        server->head(server.only_stream(), head);
        server->body(server.only_stream(), body, true);
        pump();
        REQUIRE(answered.size() == 1);
        CHECK(answered.front().number == 7);
        return answered.front();
    }

    test::H2Server server;
    std::unique_ptr<DnsFraming> framing = net::make_https_framing("dns.test", "/dns-query");
    bytes::ByteQueue out;
    std::vector<DnsFraming::Answered> answered;
};

test::H2Fields const good{{":status", "200"}, {"content-type", "application/dns-message"}};

} // namespace

TEST_CASE("over TLS, messages have their length in front, and their number within") {
    auto const framing = net::make_tls_framing();
    bytes::ByteQueue out;
    framing->begin(out);
    framing->ask(5, message(question), out);
    CHECK(text(out) == framed(question, 5));
}

TEST_CASE("over TLS, answers come in any pieces and any order") {
    auto const all = framed(answer, 6) + framed(answer, 5);
    for (std::size_t cut = 0; cut <= all.size(); ++cut) {
        auto const framing = net::make_tls_framing();
        bytes::ByteQueue out;
        std::vector<DnsFraming::Answered> answered;
        for (auto const& piece : {all.substr(0, cut), all.substr(cut)})
            CHECK_FALSE(framing->take(message(piece), out, answered));
        REQUIRE(answered.size() == 2);
        CHECK(answered[0].number == 6);
        CHECK(answered[1].number == 5);
        CHECK(net::dns_id(*answered[0].message) == 6);
    }
}

TEST_CASE("over TLS, what is too short for DNS ends it") {
    auto const framing = net::make_tls_framing();
    bytes::ByteQueue out;
    std::vector<DnsFraming::Answered> answered;
    CHECK(framing->take(message("\0\3abc"s), out, answered));
    CHECK(answered.empty());
}

TEST_CASE("over HTTPS, a question is a GET") {
    Https https;
    CHECK(*https.ask_and_get(good, answer).message == message(answer));
    auto& request = (*https.server)[https.server.only_stream()];
    CHECK(request[":method"] == "GET");
    CHECK(request[":authority"] == "dns.test");
    CHECK(request[":path"] == "/dns-query?dns=AAABAAABAAAAAAAAcXVlc3Rpb24");
    CHECK(request["accept"] == "application/dns-message");
}

TEST_CASE("over HTTPS, what is no answer says why") {
    auto const said = [](test::H2Fields const& head, std::string const& body) {
        return Https{}.ask_and_get(head, body).message.error();
    };
    CHECK(said({{":status", "404"}}, answer) == "it answered with status 404");
    CHECK_THAT(said({{":status", "200"}, {"content-type", "text/html"}}, answer),
               Contains("no application/dns-message"));
    CHECK_THAT(said(good, "short"), Contains("no application/dns-message"));
    CHECK(said(good, std::string(70'000, 'x')) == "it broke the answer off");
}

TEST_CASE("over HTTPS, a server that goes away or talks nonsense ends it") {
    Https leaving;
    leaving.pump();
    leaving.server->goaway(0, NGHTTP2_NO_ERROR);
    CHECK(leaving.pump());
    Https babbling;
    std::string const babble(100, 'x');
    CHECK(babbling.framing->take(message(babble), babbling.out, babbling.answered));
}
