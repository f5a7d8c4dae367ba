#include "policy/parse/path_values.hpp"
#include "support/catch.hpp"

using namespace alert40::policy;
using namespace alert40::policy::parse;

TEST_CASE("a resolver is the system's or an address, by UDP or TCP") {
    struct {
        char const* typed;
        char const* text;
    } const rows[] = {
        {"system", "system"},
        {"9.9.9.9", "udp://9.9.9.9"},
        {"9.9.9.9:5353", "udp://9.9.9.9:5353"},
        {"udp://9.9.9.9", "udp://9.9.9.9"},
        {"tcp://1.1.1.1:53", "tcp://1.1.1.1"},
        {"tcp://[2620:FE::fe]:5353", "tcp://[2620:fe::fe]:5353"},
        {"2620:fe::fe", "udp://[2620:fe::fe]"},
        {"tls://9.9.9.9", "tls://9.9.9.9"},
        {"tls://Dns.Quad9.net:8853", "tls://dns.quad9.net:8853"},
        {"https://dns.quad9.net", "https://dns.quad9.net/dns-query"},
        {"https://[2620:fe::fe]:8443/a/b", "https://[2620:fe::fe]:8443/a/b"},
    };

    for (auto const& row : rows) {
        CAPTURE(row.typed);
        auto const resolver = parse_resolver(row.typed);
        REQUIRE(resolver.has_value());
        CHECK(resolver->text() == row.text);
        CHECK(*parse_resolver(resolver->text()) == *resolver);
    }
    for (auto const* bad : {"", "System", "dns.example", "tcp://dns.example", "tls://", "https:///x",
                            "tls://9.9.9.9/x", "https://a/x y", "https://a/{?dns}", "https://me@a/",
                            "sctp://9.9.9.9", "9.9.9.9:0", "udp://", "127.1"}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_resolver(bad).has_value());
    }
}

TEST_CASE("an address keeps what it does not name") {
    CHECK(*parse_address("127.0.0.1:9443") == Address{"127.0.0.1", 9443});
    CHECK(*parse_address("Edge.Example") == Address{"edge.example", 0});
    CHECK(*parse_address(":8443") == Address{"", 8443});
    CHECK(*parse_address("[::1]:8443") == Address{"::1", 8443});
    CHECK(parse_address("[::1]:8443")->text() == "[::1]:8443");
    CHECK(parse_address(":8443")->text() == ":8443");
    CHECK(parse_address("edge.example")->text() == "edge.example");
    for (auto const* bad : {"", ":", ":0", "a:0", "a b", "https://a"}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_address(bad).has_value());
    }
}

TEST_CASE("via is the environment, direct, or a proxy with credentials") {
    CHECK(parse_via("env")->text() == "env");
    CHECK(parse_via("direct")->text() == "direct");
    auto const via = parse_via("http://me:p%40ss:w@Proxy.Example:3128/");
    REQUIRE(via.has_value());
    CHECK(*via == Via{Via::Kind::http_proxy, "proxy.example", 3128, "me", "p@ss:w"});
    CHECK(via->text() == "http://proxy.example:3128");
    CHECK(parse_via("http://[::1]:3128")->text() == "http://[::1]:3128");
    CHECK(parse_via("http://me@proxy:3128")->password.empty());
    CHECK(*parse_via("socks5://me:word@proxy:1080") == Via{Via::Kind::socks5, "proxy", 1080, "me", "word"});
    CHECK(parse_via("socks5h://[::1]:9050")->text() == "socks5h://[::1]:9050");
}

TEST_CASE("a via that is wrong is refused without quoting its password") {
    for (auto const* bad :
         {"", "Env", "http://proxy", "http://:3128", "http://me:secret@proxy", "http://me:secret@:1",
          "http://me:sec%ret@proxy:1", "http://me:secret%0a@proxy:1", "http://:secret@proxy:1",
          "http://a%3ab:secret@proxy:1", "https://me:secret@proxy:1", "socks4://me:secret@proxy:1",
          "env://me:secret@proxy:1", "socks5://me:secret@proxy", "ftp://me:secret@proxy:1",
          "http://me:secret@proxy:1/path"}) {
        CAPTURE(bad);
        auto const via = parse_via(bad);
        REQUIRE_FALSE(via.has_value());
        CHECK(via.error().text.find("secret") == std::string::npos);
    }
}

TEST_CASE("a split is after some bytes of the hello or of the stream, or nowhere") {
    using alert40::tls::SplitHello;
    CHECK(*parse_split_hello("none") == SplitHello{});
    CHECK(*parse_split_hello("record:1") == SplitHello{SplitHello::Mode::record, 1});
    CHECK(*parse_split_hello("segment:16384") == SplitHello{SplitHello::Mode::segment, 16384});
    for (auto const* bad : {"", "None", "record", "record:", "record:0", "record:-1", "record:16385",
                            "record:65537", "record:1 ", "segments:1", ":1", "5"}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_split_hello(bad).has_value());
    }
}
