#include "net/socks5_connect.hpp"

#include "support/catch.hpp"

#include <string>
#include <string_view>

using namespace alert40;
using namespace std::string_literals;
using Catch::Matchers::Contains;
using tls::FailureKind;

namespace {

policy::Via proxy(std::string username = {}, std::string password = {}) {
    return {policy::Via::Kind::socks5h, "p.test", 1080, std::move(username), std::move(password)};
}

std::span<std::uint8_t const> bytes(std::string_view text) {
    return {reinterpret_cast<std::uint8_t const*>(text.data()), text.size()};
}

/// What was said to a proxy that answers so, piece by piece, up to the open tunnel or the failure.
struct Said {
    std::string all;
    std::size_t taken = 0; ///< of the last piece
    bool open = false;
    std::optional<tls::Failure> failure;
};

Said talk(net::Socks5Connect dialogue, std::vector<std::string> const& answers) {
    Said said;
    said.all = dialogue.begin();
    for (auto const& answer : answers) {
        auto const progress = dialogue.feed(bytes(answer));
        if (!progress) {
            said.failure = progress.error();
            return said;
        }
        said.all += progress->reply;
        said.taken = progress->taken;
        said.open = progress->open;
    }
    return said;
}

tls::Failure failure_of(std::vector<std::string> const& answers, policy::Via const& via = proxy()) {
    auto const said = talk({via, "a.test", 443}, answers);
    REQUIRE(said.failure);
    CHECK(said.failure->phase == tls::Phase::proxy_connect);
    return *said.failure;
}

auto const hello = "\x05\x01\0"s;
auto const no_authentication = "\x05\0"s, wants_password = "\x05\x02"s;
auto const connected = "\x05\0\0\x01\x7f\0\0\x01\x04\x38"s;

} // namespace

TEST_CASE("a name is asked for by its name") {
    auto const said = talk({proxy(), "a.test", 443}, {no_authentication, connected});
    CHECK(said.open);
    CHECK(said.taken == connected.size());
    CHECK(said.all == hello + "\x05\x01\0\x03\x06"s + "a.test" + "\x01\xbb");
}

TEST_CASE("an address is asked for as one") {
    CHECK(talk({proxy(), "192.0.2.7", 8443}, {no_authentication}).all ==
          hello + "\x05\x01\0\x01\xc0\0\x02\x07\x20\xfb"s);
    CHECK(talk({proxy(), "2001:db8::1", 80}, {no_authentication}).all ==
          hello + "\x05\x01\0\x04\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01\0\x50"s);
}

TEST_CASE("credentials are shown where the proxy wants them") {
    CHECK(talk({proxy("me", "secret"), "a", 1}, {wants_password, "\x01\0"s, connected}).all ==
          "\x05\x02\0\x02"s + "\x01\x02me\x06secret" + "\x05\x01\0\x03\x01"s + "a" + "\0\x01"s);
    CHECK(talk({proxy("me", "secret"), "a", 1}, {no_authentication, connected}).all.find("secret") ==
          std::string::npos);
}

TEST_CASE("what follows the answer is the tunnel's") {
    auto const said = talk({proxy(), "a", 1}, {no_authentication, connected + "tunnel"});
    CHECK(said.open);
    CHECK(said.taken == connected.size());
    auto const by_name = "\x05\0\0\x03\x04"s + "name" + "\x04\x38";
    CHECK(talk({proxy(), "a", 1}, {no_authentication, by_name + "tunnel"}).taken == by_name.size());
    auto const v6 = "\x05\0\0\x04"s + std::string(16, '\1') + "\x04\x38";
    CHECK(talk({proxy(), "a", 1}, {no_authentication, v6 + "tunnel"}).taken == v6.size());
}

TEST_CASE("answers may come in any pieces") {
    auto const text = wants_password + "\x01\0"s + connected;
    for (std::size_t cut = 0; cut < text.size(); ++cut) {
        CAPTURE(cut);
        auto const said =
            talk({proxy("me", "x"), "a", 1}, {text.substr(0, cut), text.substr(cut) + "tunnel"});
        CHECK(said.open);
        CHECK(said.taken == text.size() - cut);
    }
}

TEST_CASE("a refusal is named as RFC 1928 has it") {
    auto const failure = failure_of({no_authentication, "\x05\x05\0\x01\0\0\0\0\0\0"s});
    CHECK(failure.kind == FailureKind::refused);
    CHECK(failure.detail == "proxy socks5h://p.test:1080: answered CONNECT with 5 connection refused");
    CHECK_THAT(failure_of({no_authentication, "\x05\x02"s}).detail, Contains("2 not allowed by its rules"));
    CHECK_THAT(failure_of({no_authentication, "\x05\x63"s}).detail, Contains("answered CONNECT with 99"));
}

TEST_CASE("credentials that are missing or wrong are said so, without them") {
    CHECK_THAT(failure_of({"\x05\xff"}).detail, Contains("it wants credentials"));
    auto const unwanted = failure_of({"\x05\xff"}, proxy("me", "secret"));
    CHECK_THAT(unwanted.detail, Contains("none of the ways to authenticate"));
    auto const wrong = failure_of({wants_password, "\x01\x01"}, proxy("me", "secret")).detail;
    CHECK_THAT(wrong, Contains("does not accept these credentials") && !Contains("secret"));
    CHECK(failure_of({wants_password}, proxy("me", std::string(256, 'x'))).kind == FailureKind::library);
}

TEST_CASE("what is not SOCKS5 is malformed") {
    auto const answers = GENERATE(
        as<std::vector<std::string>>{}, std::vector{"HTTP/1.1 400 Bad Request\r\n"s}, std::vector{"\x04"s},
        std::vector{"\x05\x02"s}, std::vector{"\x05\x01"s}, std::vector{no_authentication, "\x04"s},
        std::vector{no_authentication, "\x05\0\0\x02\0\0\0\0\0\0"s});
    CHECK(failure_of(answers).kind == FailureKind::malformed);
}
