#include "net/resolver/dns_message.hpp"

#include "support/catch.hpp"

#include <sys/socket.h>

#include <string>

using namespace alert40;
using namespace std::string_literals;
using net::DnsMessage;

namespace {

DnsMessage message(std::string const& text) {
    return {text.begin(), text.end()};
}

auto const a_test = "\1a\4test\0"s;

/// An answer to a question for a.test, with these records after it.
DnsMessage answer(char code, char type, std::string const& records, char count) {
    return message("\0\0\x81"s + code + "\0\1\0"s + count + "\0\0\0\0"s + a_test + "\0"s + type + "\0\1"s +
                   records);
}

auto const address_v4 = "\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4\xc0\0\2\7"s;

} // namespace

TEST_CASE("a question is RFC 1035's") {
    CHECK(*net::dns_question("a.test", AF_INET) ==
          message("\0\0\1\0\0\1\0\0\0\0\0\0"s + a_test + "\0\1\0\1"s));
    CHECK(*net::dns_question("a.test", AF_INET6) ==
          message("\0\0\1\0\0\1\0\0\0\0\0\0"s + a_test + "\0\x1c\0\1"s));
    CHECK(net::dns_question(std::string(64, 'x') + ".test", AF_INET).has_error());
    CHECK(net::dns_question("a..test", AF_INET).has_error());
}

TEST_CASE("an answer has the addresses of its family") {
    auto const found = *net::dns_answer(answer(0, 1, address_v4, 1), AF_INET);
    CHECK(found.addresses == std::vector<net::ResolvedAddress>{{"192.0.2.7"}});
    CHECK(found.ttl == std::chrono::seconds{60});
    auto const v6 = "\xc0\x0c\0\x1c\0\1\0\0\1\0\0\x10\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1"s;
    CHECK(net::dns_answer(answer(0, 28, v6, 1), AF_INET6)->addresses.front().address == "2001:db8::1");
}

TEST_CASE("what has no address says why") {
    CHECK(net::dns_answer(answer(0, 1, "", 0), AF_INET).error().no_data);
    CHECK(net::dns_answer(answer(3, 1, "", 0), AF_INET).error().reason == "no such name (NXDOMAIN)");
    CHECK(net::dns_answer(answer(2, 1, "", 0), AF_INET).error().reason == "the server failed (SERVFAIL)");
    CHECK(net::dns_answer(answer(9, 1, "", 0), AF_INET).error().kind == tls::FailureKind::dns);
}

TEST_CASE("what is no answer is refused, wherever it ends") {
    auto const whole = answer(0, 1, address_v4, 1);
    for (std::size_t size = 0; size < whole.size(); ++size) {
        CAPTURE(size);
        CHECK(net::dns_answer(std::span{whole}.first(size), AF_INET).has_error());
    }
    CHECK(net::dns_answer(*net::dns_question("a.test", AF_INET), AF_INET).has_error());
    auto const endless = answer(0, 1, "\xc0\x0c\0\5\0\1\0\0\0\x3c\0\2\xc0\x0c"s, 1); // an alias of itself
    CHECK(net::dns_answer(endless, AF_INET).has_error());
}
