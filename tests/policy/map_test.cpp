#include "policy/map.hpp"
#include "support/catch.hpp"

using namespace alert40::policy;

TEST_CASE("a map stands for an origin") {
    auto const map = parse_map_target("https://api.example.com:8443/");
    REQUIRE(map);
    CHECK(*map == Map{{}, {"https", "api.example.com", 8443}, false, false});
    CHECK(map->target() == "https://api.example.com:8443");
}

TEST_CASE("or for whatever host a hello names, which takes TLS") {
    struct {
        char const* typed;
        std::uint16_t port;
        char const* target;
    } const rows[] = {
        {"https:sni", 443, "https:sni"},      {"sni", 443, "https:sni"},
        {"https:sni:443", 443, "https:sni"},  {"https:sni:8443", 8443, "https:sni:8443"},
        {"sni:8443", 8443, "https:sni:8443"},
    };

    for (auto const& row : rows) {
        CAPTURE(row.typed);
        auto const map = parse_map_target(row.typed);
        REQUIRE(map);
        CHECK(*map == Map{{}, {"https", "", row.port}, true, true});
        CHECK(map->target() == row.target);
        CHECK(parse_map_target(map->target()) == map);
    }
}

TEST_CASE("and for nothing else") {
    auto const* const bad =
        GENERATE("", "api.example.com", "https:", "http:sni", "https:snis", "https:sni:", "sni:0",
                 "sni:65536", "sni:x", "sni/", "https:sni:[::1]:443", "https:https:sni", "SNI");
    CAPTURE(bad);
    CHECK_FALSE(parse_map_target(bad));
}
