#include "support/catch.hpp"
#include "tls/profile.hpp"

#include <algorithm>
#include <string>
#include <vector>

using namespace alert40::tls;

namespace {

using Strings = std::vector<std::string>;

Profile const& profile(std::string_view name) {
    auto const* const found = built_in_profile(name);
    REQUIRE(found);
    return *found;
}

/// Whether it is `base` in all but the name and what `change` does.
template <class Change>
bool is(Profile const& profile, Profile base, Change change) {
    base.name = profile.name;
    change(base);
    return profile == base;
}

} // namespace

TEST_CASE("the built-in profiles have these names, in this order") {
    Strings names;
    for (auto const& each : built_in_profiles())
        names.push_back(each.name);
    CHECK(names ==
          Strings{"modern", "http1", "no-alpn", "small-hello", "tls12", "no-sni", "legacy", "mirror"});
    CHECK(built_in_profile("Modern") == nullptr);
    CHECK(built_in_profile("") == nullptr);
}

TEST_CASE("modern offers TLS 1.2 and 1.3, h2 first, and suites with forward secrecy and an AEAD") {
    auto const& modern = profile("modern");
    CHECK(modern.min_version == ProtocolVersion::tls1_2);
    CHECK(modern.max_version == ProtocolVersion::tls1_3);
    CHECK(modern.alpn == Strings{"h2", "http/1.1"});
    CHECK(modern.ciphers == "ECDHE+AESGCM:ECDHE+CHACHA20");
    CHECK(modern.server_name.mode == ServerName::Mode::automatic);
}

TEST_CASE("each step of the standard ladder differs from modern in one thing") {
    auto const& modern = profile("modern");
    CHECK(is(profile("http1"), modern, [](Profile& p) { p.alpn = {"http/1.1"}; }));
    CHECK(is(profile("no-alpn"), modern, [](Profile& p) { p.alpn = {}; }));
    CHECK(is(profile("no-sni"), modern, [](Profile& p) { p.server_name.mode = ServerName::Mode::none; }));
    CHECK(is(profile("tls12"), modern, [](Profile& p) { p.max_version = ProtocolVersion::tls1_2; }));
    CHECK(is(profile("mirror"), modern, [](Profile&) {}));
}

TEST_CASE("small-hello has little of everything") {
    auto const& small = profile("small-hello");
    CHECK(small.cipher_suites.size() == 2);
    CHECK(std::ranges::count(small.ciphers, ':') == 3);
    CHECK(small.groups == Strings{"x25519", "secp256r1"});
    CHECK(small.signature_algorithms.size() == 6);
    CHECK_FALSE(small.tickets);
    CHECK_FALSE(small.resumption);
}

TEST_CASE("only legacy goes below the floor, and verifies all the same") {
    for (auto const& each : built_in_profiles()) {
        INFO(each.name);
        auto const below = each.name == "legacy";
        CHECK((each.min_version < ProtocolVersion::tls1_2) == below);
        CHECK((each.security_level < 2) == below);
        CHECK(each.legacy_renegotiation == below);
        CHECK(each.verify == Verify{});
    }
    auto const& legacy = profile("legacy");
    CHECK(legacy.min_version == ProtocolVersion::tls1_0);
    CHECK(legacy.max_version == ProtocolVersion::tls1_3);
    CHECK(legacy.security_level == 0);
    CHECK(legacy.ciphers.find("!aNULL") != std::string::npos);
    CHECK(legacy.ciphers.find("!eNULL") != std::string::npos);
}
