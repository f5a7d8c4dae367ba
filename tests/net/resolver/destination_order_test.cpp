#include "net/resolver/destination_order.hpp"

#include "support/catch.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

using namespace alert40;
using Addresses = std::vector<net::ResolvedAddress>;

namespace {

Addresses sorted(Addresses addresses, std::map<std::string, std::string> const& sources) {
    net::sort_destinations(addresses, [&](std::string const& destination) -> std::optional<std::string> {
        auto const source = sources.find(destination);
        if (source == sources.end()) return std::nullopt;
        return source->second;
    });
    return addresses;
}

} // namespace

// The examples of RFC 6724 section 10.2, as far as they compare destinations of one source each.
TEST_CASE("destinations are ordered as RFC 6724 says") {
    struct Row {
        std::string rule;
        std::string first, its_source;
        std::string second, other_source;
    };

    auto const row = GENERATE(
        Row{"scope", "2001:db8:1::1", "2001:db8:1::2", "198.51.100.121", "169.254.13.78"},
        Row{"scope", "198.51.100.121", "198.51.100.117", "2001:db8:1::1", "fe80::1"},
        Row{"precedence", "2001:db8:1::1", "2001:db8:1::2", "10.1.2.3", "10.1.2.4"},
        Row{"scope is smaller", "fe80::1", "fe80::2", "2001:db8:1::1", "2001:db8:1::2"},
        Row{"label", "2002:c633:6401::1", "2002:c633:6401::2", "2001:db8:1::1", "2002:c633:6401::2"},
        Row{"precedence", "2001:db8:1::1", "2001:db8:1::2", "2002:c633:6401::1", "2002:c633:6401::2"},
        Row{"unique local after IPv4", "198.51.100.1", "198.51.100.2", "fd00::1", "fd00::2"},
        Row{"Teredo after IPv4", "198.51.100.1", "198.51.100.2", "2001::1", "2001::2"},
        Row{"label, though the other precedes", "198.51.100.1", "198.51.100.2", "2001:db8::1", "fd00::2"},
        Row{"loopback", "::1", "::1", "127.0.0.1", "127.0.0.1"});
    INFO(row.rule << ": " << row.first << " before " << row.second);
    std::map<std::string, std::string> const sources{{row.first, row.its_source},
                                                     {row.second, row.other_source}};
    Addresses const expected{{row.first}, {row.second}};
    CHECK(sorted({{row.first}, {row.second}}, sources) == expected);
    CHECK(sorted({{row.second}, {row.first}}, sources) == expected);
}

TEST_CASE("where there is no way to, goes last") {
    CHECK(sorted({{"2001:db8::1"}, {"192.0.2.1"}}, {{"192.0.2.1", "192.0.2.2"}}) ==
          Addresses{{"192.0.2.1"}, {"2001:db8::1"}});
    CHECK(sorted({{"192.0.2.1"}, {"2001:db8::1"}}, {{"2001:db8::1", "2001:db8::2"}}) ==
          Addresses{{"2001:db8::1"}, {"192.0.2.1"}});
}

TEST_CASE("the order within a family stays") {
    CHECK(sorted({{"192.0.2.9"}, {"192.0.2.1"}, {"2001:db8::9"}, {"2001:db8::1"}}, {}) ==
          Addresses{{"2001:db8::9"}, {"2001:db8::1"}, {"192.0.2.9"}, {"192.0.2.1"}});
}

TEST_CASE("the kernel knows its own address") {
    CHECK(net::source_by_route("127.0.0.1") == "127.0.0.1");
    CHECK_FALSE(net::source_by_route("origin.test"));
}
