#include "net/http_connect.hpp"

#include "support/catch.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

using namespace alert40;
using Catch::Matchers::Contains;

namespace {

policy::Via proxy(std::string username = {}, std::string password = {}) {
    return {policy::Via::Kind::http_proxy, "p.test", 3128, std::move(username), std::move(password)};
}

std::span<std::uint8_t const> bytes(std::string_view text) {
    return {reinterpret_cast<std::uint8_t const*>(text.data()), text.size()};
}

tls::Failure failure_of(std::string const& answer, policy::Via const& via = proxy()) {
    net::HttpConnect reader{via, "a", 1};
    auto const result = reader.feed(bytes(answer));
    REQUIRE(result.has_error());
    return result.error();
}

constexpr std::string_view established = "HTTP/1.1 200 Connection established\r\nVia: x\r\n\r\n";

} // namespace

TEST_CASE("the request for a tunnel") {
    CHECK(net::HttpConnect(proxy(), "a.test", 443).begin() ==
          "CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\nUser-Agent: alert40\r\n\r\n");
    CHECK_THAT(net::HttpConnect(proxy(), "2001:db8::1", 8443).begin(),
               Contains("CONNECT [2001:db8::1]:8443 HTTP/1.1\r\nHost: [2001:db8::1]:8443\r\n"));
}

TEST_CASE("credentials are sent as Basic") {
    // RFC 7617 section 2, then each length of the last group
    CHECK_THAT(net::HttpConnect(proxy("Aladdin", "open sesame"), "a", 1).begin(),
               Contains("\r\nProxy-Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n"));
    CHECK_THAT(net::HttpConnect(proxy("ab", "c"), "a", 1).begin(), Contains("Basic YWI6Yw==\r\n"));
    CHECK_THAT(net::HttpConnect(proxy("ab", "cd"), "a", 1).begin(), Contains("Basic YWI6Y2Q=\r\n"));
    CHECK_THAT(net::HttpConnect(proxy("ab", "cde"), "a", 1).begin(), Contains("Basic YWI6Y2Rl\r\n"));
    CHECK_THAT(net::HttpConnect(proxy("\xff\xfe", ""), "a", 1).begin(), Contains("Basic //46\r\n"));
}

TEST_CASE("a 2xx opens the tunnel, and what follows is left") {
    net::HttpConnect answer{proxy(), "a", 1};
    auto const progress = *answer.feed(bytes(std::string{established} + "tunnel"));
    CHECK(progress.open);
    CHECK(progress.taken == established.size());
}

TEST_CASE("an answer may come in any pieces") {
    auto const text =
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + std::string{established};
    for (std::size_t cut = 1; cut < text.size(); ++cut) {
        net::HttpConnect answer{proxy(), "a", 1};
        auto const first = *answer.feed(bytes(text.substr(0, cut)));
        INFO(cut);
        CHECK_FALSE(first.open);
        CHECK(first.taken == cut);
        auto const second = *answer.feed(bytes(text.substr(cut) + "tunnel"));
        CHECK(second.open);
        CHECK(second.taken == text.size() - cut);
    }
}

TEST_CASE("fields of a 2xx that speak of content mean nothing") {
    net::HttpConnect answer{proxy(), "a", 1};
    std::string const head = "HTTP/1.1 200 OK\r\nContent-Length: 7\r\nConnection: close\r\n\r\n";
    auto const progress = *answer.feed(bytes(head + "tunnel!"));
    CHECK(progress.open);
    CHECK(progress.taken == head.size());
}

TEST_CASE("a refusal names the status and the reason") {
    auto const failure = failure_of("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n");
    CHECK(failure.by == tls::By::upstream);
    CHECK(failure.phase == tls::Phase::proxy_connect);
    CHECK(failure.kind == tls::FailureKind::refused);
    CHECK(failure.detail == "proxy http://p.test:3128: answered CONNECT with 502 Bad Gateway");
    CHECK_THAT(failure_of("HTTP/1.1 403 N\xc3\xb3\r\n\r\n").detail, Contains("403 N??"));
    CHECK_THAT(failure_of("HTTP/1.1 302 Found\r\nLocation: http://login.test/\r\n\r\n").detail,
               Contains("302 Found"));
}

TEST_CASE("407, or 401, speaks of credentials") {
    auto const answer =
        GENERATE("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "HTTP/1.1 401 Unauthorized\r\n\r\n");
    CHECK_THAT(failure_of(answer).detail, Contains("it wants credentials"));
    auto const refused = failure_of(answer, proxy("me", "secret")).detail;
    CHECK_THAT(refused, Contains("does not accept these credentials"));
    CHECK_THAT(refused, !Contains("secret"));
}

TEST_CASE("what is not HTTP, or too much of it, is malformed") {
    auto const answer =
        GENERATE(as<std::string>{}, "SSH-2.0-OpenSSH_9.2\r\n", "\x15\x03\x01", "HTTP/1.1 abc\r\n\r\n",
                 "HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "HTTP/1.1 200 OK\r\nX: " + std::string(20'000, 'x'),
                 "HTTP/1.1 200 OK\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n");
    CHECK(failure_of(answer).kind == tls::FailureKind::malformed);
}

TEST_CASE("interim answers without end are cut off") {
    net::HttpConnect answer{proxy(), "a", 1};
    bool failed = false;
    for (int i = 0; i < 1000 && !failed; ++i)
        failed = answer.feed(bytes("HTTP/1.1 100 Continue\r\n\r\n")).has_error();
    CHECK(failed);
}
