#include "net/environment_proxy.hpp"

#include "support/catch.hpp"

#include <map>
#include <string>

using namespace alert40;
using net::EnvironmentProxy;
using policy::Via;

namespace {

EnvironmentProxy environment(std::map<std::string, std::string> const& variables) {
    return EnvironmentProxy::read([&](char const* name) -> char const* {
        auto const found = variables.find(name);
        return found == variables.end() ? nullptr : found->second.c_str();
    });
}

std::string way_to(std::string const& url, std::map<std::string, std::string> const& variables) {
    auto const origin = *policy::parse_origin(url);
    auto const via = environment(variables).for_origin(origin, origin.host);
    if (!via) return via.error();
    return via->kind == Via::Kind::direct ? "direct" : via->host + ':' + std::to_string(via->port);
}

} // namespace

TEST_CASE("the variables that count are curl's") {
    CHECK(way_to("https://a.test", {}) == "direct");
    CHECK(way_to("https://a.test", {{"HTTPS_PROXY", "http://upper:1"}}) == "upper:1");
    CHECK(way_to("https://a.test", {{"https_proxy", "http://lower:1"}, {"HTTPS_PROXY", "http://upper:1"}}) ==
          "lower:1");
    CHECK(way_to("https://a.test", {{"https_proxy", ""}, {"HTTPS_PROXY", "http://upper:1"}}) == "upper:1");
    CHECK(way_to("https://a.test", {{"http_proxy", "http://plain:1"}}) == "direct");
    CHECK(way_to("http://a.test", {{"http_proxy", "http://plain:1"}}) == "plain:1");
    CHECK(way_to("http://a.test", {{"HTTP_PROXY", "http://cgi:1"}}) == "direct");
    CHECK(way_to("http://a.test", {{"https_proxy", "http://lower:1"}}) == "direct");
    CHECK(way_to("http://a.test", {{"ALL_PROXY", "http://all:1"}}) == "all:1");
    CHECK(way_to("https://a.test", {{"all_proxy", "http://all:1"}, {"https_proxy", "http://lower:1"}}) ==
          "lower:1");
}

TEST_CASE("a proxy is written as curl reads it") {
    auto const proxy =
        GENERATE(as<std::pair<std::string, std::string>>{}, std::pair{"http://p:3128", "p:3128"},
                 std::pair{"http://p:3128/", "p:3128"}, std::pair{"HTTP://p:3128/x?y", "p:3128"},
                 std::pair{"p:3128", "p:3128"}, std::pair{"p", "p:1080"},
                 std::pair{"http://[2001:db8::1]:80", "2001:db8::1:80"});
    CHECK(way_to("https://a.test", {{"https_proxy", proxy.first}}) == proxy.second);
}

TEST_CASE("a proxy may speak SOCKS5") {
    CHECK(net::parse_proxy("socks5://p:1")->kind == Via::Kind::socks5);
    CHECK(net::parse_proxy("SOCKS5H://p")->text() == "socks5h://p:1080");
}

TEST_CASE("credentials of a proxy are percent-decoded") {
    auto const via = *net::parse_proxy("http://us%40er:p%3Ass/wo@rd@p:1");
    CHECK(via.host == "p");
    CHECK(via.username == "us@er");
    CHECK(via.password == "p:ss/wo@rd");
    CHECK(net::parse_proxy("http://alone@p:1")->username == "alone");
}

TEST_CASE("a proxy that cannot be used is an error, without the password") {
    auto const bad = GENERATE(as<std::string>{}, "socks4://me:secret@p:1", "direct://me:secret@p:1",
                              "https://me:secret@p:443", "http://me:secret@", "http://me:secret@p:99999",
                              "http://me:secret%zz@p:1", "http://me:secret@p:x");
    auto const text = way_to("https://a.test", {{"https_proxy", bad}});
    INFO(text);
    CHECK(text.find("the proxy that the environment names: ") == 0);
    CHECK(text.find("secret") == std::string::npos);
}

TEST_CASE("loopback is never proxied") {
    auto const origin =
        GENERATE(as<std::string>{}, "https://localhost", "https://a.localhost", "https://127.0.0.1",
                 "https://127.9.9.9:8443", "https://[::1]", "https://[::ffff:127.0.0.1]");
    CHECK(way_to(origin, {{"https_proxy", "http://p:1"}}) == "direct");
    CHECK(way_to("https://notlocalhost", {{"https_proxy", "http://p:1"}}) == "p:1");
}

TEST_CASE("NO_PROXY excepts origins") {
    CHECK(way_to("https://a.test", {{"https_proxy", "http://p:1"}, {"NO_PROXY", "b.test, a.test"}}) ==
          "direct");
    CHECK(way_to("https://a.test",
                 {{"https_proxy", "http://p:1"}, {"no_proxy", "b.test"}, {"NO_PROXY", "a.test"}}) == "p:1");
}

TEST_CASE("an entry of NO_PROXY") {
    struct Row {
        std::string_view list;
        std::string_view host;
        bool matches;
    };

    // in part the rows of curl's tests/unit/unit1614.c
    auto const row = GENERATE(
        Row{"*", "a.test", true}, Row{"", "a.test", false}, Row{"a.test", "a.test", true},
        Row{"a.test", "x.a.test", true}, Row{".a.test", "a.test", true}, Row{".a.test", "x.y.a.test", true},
        Row{"a.test", "xa.test", false}, Row{"x.a.test", "a.test", false}, Row{"A.Test", "a.tEST", true},
        Row{"a.test.", "a.test", true}, Row{"a.test", "a.test.", true}, Row{"b.test a.test", "a.test", true},
        Row{"b.test,\ta.test", "a.test", true}, Row{",,", "a.test", false}, Row{".", "a.test", false},
        Row{"192.168.0.1", "192.168.0.1", true}, Row{"192.168.0.1", "192.168.0.2", false},
        Row{"192.168.0.0/16", "192.168.7.7", true}, Row{"192.168.0.0/24", "192.168.1.1", false},
        Row{"192.160.0.0/13", "192.160.0.1", true}, Row{"192.168.0.0/17", "192.168.128.1", false},
        Row{"192.168.0.0/33", "192.168.0.0", false}, Row{"192.168.0.0/x", "192.168.0.0", false},
        Row{"192.168.0.0/", "192.168.0.0", false}, Row{"10.0.0.0/8", "a.10.0.0.0", false},
        Row{"2001:db8::/32", "2001:db8:1::1", true}, Row{"2001:db8::/33", "2001:db8:8000::", false},
        Row{"2001:db8::1", "2001:db8:0::1", true}, Row{"[2001:db8::1]", "2001:db8::1", true},
        Row{"a.test:443", "a.test", true}, Row{"a.test:80", "a.test", false},
        Row{"192.0.2.1:443", "192.0.2.1", true}, Row{"192.0.2.1:80", "192.0.2.1", false},
        Row{"0.2.1", "192.0.2.1", false});
    INFO(row.list << " for " << row.host);
    CHECK(net::no_proxy_matches(row.list, row.host, 443) == row.matches);
}
