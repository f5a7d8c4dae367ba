#include "policy/host_name.hpp"
#include "support/catch.hpp"

#include <string>

using namespace alert40::policy;

TEST_CASE("a pattern is any name, everything below a name, or the name itself") {
    struct {
        char const* pattern;
        char const* host;
        bool matches;
    } const rows[] = {
        {"*", "example.com", true},
        {"*", "192.0.2.1", true},
        {"example.com", "example.com", true},
        {"example.com", "www.example.com", false},
        {"*.example.com", "www.example.com", true},
        {"*.example.com", "a.b.c.example.com", true},
        {"*.example.com", "example.com", false},
        {"*.example.com", ".example.com", false},
        {"*.example.com", "badexample.com", false},
        {"*.example.com", "example.com.evil.test", false},
        {"192.0.2.1", "192.0.2.1", true},
        {"::1", "::1", true},
    };

    for (auto const& row : rows) {
        CAPTURE(row.pattern, row.host);
        CHECK(host_matches(row.pattern, row.host) == row.matches);
    }
}

TEST_CASE("a host name becomes its lower-case A-label") {
    struct {
        char const* typed;
        char const* label; ///< null: no host name
    } const rows[] = {
        {"Example.COM", "example.com"},
        {"example.com.", "example.com"},
        {"localhost", "localhost"},
        {"b\xC3\xBC"
         "cher.example",
         "xn--bcher-kva.example"},
        {"B\xC3\x9C"
         "CHER.example",
         "xn--bcher-kva.example"},
        {"stra\xC3\x9F"
         "e.de",
         "xn--strae-oqa.de"},
        {"\xE4\xBE\x8B\xE5\xAD\x90.test", "xn--fsqu00a.test"},
        {"a\xE3\x80\x82"
         "b",
         "a.b"},
        {"r3---sn-4g5e6nze.googlevideo.com", "r3---sn-4g5e6nze.googlevideo.com"},
        {"_dmarc.example.com", "_dmarc.example.com"},
        {"192.0.2.1", "192.0.2.1"},
        {"2001:DB8:0:0::1", "2001:db8::1"},
        {"", nullptr},
        {".", nullptr},
        {"a..b", nullptr},
        {"a.b..", nullptr},
        {"exa mple.com", nullptr},
        {"example.com/", nullptr},
        {"user@example.com", nullptr},
        {"[::1]", nullptr},
        {"*.example.com", nullptr},
        {"127.1", nullptr},
        {"0x7f.0.0.0x1", nullptr},
        {"2130706433", nullptr},
        {"256.1.1.1", nullptr},
        {"\xEF\xBC\x91\xEF\xBC\x92\xEF\xBC\x97.0.0.1", nullptr}, // full-width 127.0.0.1
        {"\xFF\xFE.example", nullptr},
        {"a\xE2\x84\x80.example", nullptr}, // maps to a/c: no separator may come out of a mapping
    };

    for (auto const& row : rows) {
        CAPTURE(row.typed);
        auto const label = to_a_label(row.typed);
        CHECK(label.value_or("none") == (row.label ? row.label : "none"));
    }
    CHECK_FALSE(to_a_label(std::string(64, 'a') + ".example"));
    CHECK(to_a_label(std::string(63, 'a') + ".example"));
    CHECK_FALSE(to_a_label(std::string("a\0b.example", 11)));
    std::string long_name;
    while (long_name.size() < 254)
        long_name += "abcdefg.";
    CHECK_FALSE(to_a_label(long_name + "example"));
}

TEST_CASE("loopback is 127.0.0.0/8 and ::1") {
    CHECK(is_loopback("127.0.0.1"));
    CHECK(is_loopback("127.9.9.9"));
    CHECK(is_loopback("::1"));
    CHECK_FALSE(is_loopback("0.0.0.0"));
    CHECK_FALSE(is_loopback("::"));
    CHECK_FALSE(is_loopback("192.0.2.1"));
}
