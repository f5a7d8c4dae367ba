#include "proxy/route/request_origin.hpp"
#include "support/catch.hpp"

#include <string>

using namespace alert40;
using proxy::Entrance;
using proxy::HttpVersion;

namespace {

struct Case {
    std::string_view what;
    HttpVersion version;
    bool absolute_form;
    std::string_view scheme;
    std::string_view authority;
    std::string_view expected; ///< an origin, "turned " and an origin, or "no: " and a reason
};

std::string routed(Case const& c, Entrance const& entrance) {
    proxy::RequestHead request;
    request.version = c.version;
    request.absolute_form = c.absolute_form;
    request.scheme = c.scheme;
    request.authority = c.authority;
    request.path = "/";
    auto const origin = proxy::origin_of(request, entrance);
    if (!origin) return "no: " + origin.error().reason;
    return (origin->turn_round ? "turned " : "") + origin->origin.text();
}

constexpr auto h1 = HttpVersion::http1_1;
constexpr auto h2 = HttpVersion::http2;

} // namespace

TEST_CASE("where the origin comes from on a proxy listener") {
    Case const cases[] = {
        {"absolute http", h1, true, "http", "example.com", "http://example.com"},
        {"absolute https", h1, true, "https", "example.com", "https://example.com"},
        {"absolute with port", h1, true, "https", "example.com:8443", "https://example.com:8443"},
        {"absolute with the default port", h1, true, "https", "example.com:443", "https://example.com"},
        {"upper case", h1, true, "https", "EXAMPLE.com", "https://example.com"},
        {"IPv6", h1, true, "https", "[::1]:8443", "https://[::1]:8443"},
        {"an absolute target named .localhost is meant", h1, true, "http", "app.localhost:3000",
         "http://app.localhost:3000"},
        {"another scheme", h1, true, "ftp", "example.com",
         "no: alert40 forwards http and https, not \"ftp\""},
        {"h2 names both", h2, true, "https", "example.com", "https://example.com"},
        {"h2 to a name below localhost", h2, true, "http", "api.example.com.localhost:4040",
         "turned https://api.example.com"},
        {"Host below localhost", h1, false, "", "api.example.com.localhost:4040",
         "turned https://api.example.com"},
        {"with a port", h1, false, "", "api.example.com.8443.localhost:4040",
         "turned https://api.example.com:8443"},
        {"an IPv4 literal", h1, false, "", "127.0.0.1.localhost:4040", "turned https://127.0.0.1"},
        {"an IPv4 literal and a port", h1, false, "", "127.0.0.1.8443.localhost",
         "turned https://127.0.0.1:8443"},
        {"a port that is none", h1, false, "", "example.com.99999.localhost", "no: not a port: 99999"},
        {"Host alone", h1, false, "", "example.com:8080", "http://example.com:8080"},
        {"an empty port", h1, false, "", "example.com:", "http://example.com"},
        {"no Host", h1, false, "", "", "no: the request names no host"},
        {"port zero", h1, false, "", "example.com:0", "no: not a host and port: example.com:0"},
        {"a port of letters", h1, false, "", "example.com:http", "no: not a host and port: example.com:http"},
        {"brackets left open", h1, false, "", "[::1", "no: not a host and port: [::1"},
        {"userinfo", h1, false, "", "user@example.com", "no: not a host name: user@example.com"},
    };
    Entrance const entrance{"127.0.0.1:4040", std::nullopt, false};
    for (auto const& c : cases) {
        INFO(c.what);
        CHECK(routed(c, entrance) == c.expected);
    }
}

TEST_CASE("a mapped listener stands for its origin, whatever the request names") {
    Entrance const entrance{"127.0.0.1:4050", policy::Origin{"https", "api.example.com", 443}, false};
    CHECK(routed({"", h1, false, "", "127.0.0.1:4050", ""}, entrance) == "turned https://api.example.com");
    CHECK(routed({"", h1, false, "", "", ""}, entrance) == "turned https://api.example.com");
    CHECK(routed({"", h2, true, "http", "other.example:1", ""}, entrance) ==
          "turned https://api.example.com");
}

TEST_CASE("within TLS that ended here, the origin is the one that the app meant") {
    Case const request{"", h1, false, "https", "whatever.test", ""};
    Entrance entrance;
    entrance.tls = true;
    entrance.intercepted = policy::Origin{"https", "example.com", 443};
    CHECK(routed(request, entrance) == "https://example.com");
    entrance.mapped = policy::Origin{"https", "example.com", 443};
    CHECK(routed(request, entrance) == "turned https://example.com"); // the app knows our address
    entrance.by_sni = true;
    CHECK(routed(request, entrance) == "https://example.com"); // a hosts entry: the app uses its name
}
