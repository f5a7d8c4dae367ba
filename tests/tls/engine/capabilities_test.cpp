#include "support/catch.hpp"
#include "tls/engine/capabilities.hpp"

#include <algorithm>

using namespace alert40;
using tls::engine::incapabilities;
using tls::engine::Incapability;
using tls::engine::weaknesses;

namespace {

using Names = std::vector<std::string>;

bool contains(Names const& names, std::string_view name) {
    return std::ranges::find(names, name) != names.end();
}

} // namespace

TEST_CASE("this build can do every built-in profile, and only legacy is weak") {
    for (auto const& profile : tls::built_in_profiles()) {
        CAPTURE(profile.name);
        CHECK(incapabilities(profile).empty());
        CHECK(weaknesses(profile).empty() == (profile.name != "legacy"));
    }
}

TEST_CASE("what this build cannot do is told with its place") {
    tls::Profile profile;
    profile.ciphers = "ECDHE+AESGCM:NO-SUCH-CIPHER:!MD5";
    profile.cipher_suites = {"TLS_AES_128_GCM_SHA256", "TLS_NOT_A_SUITE"};
    profile.groups = {"x25519", "x25518"};
    profile.signature_algorithms = {"no_such_scheme"};
    CHECK(incapabilities(profile) ==
          std::vector<Incapability>{
              {"ciphers", 1, "\"NO-SUCH-CIPHER\" selects no cipher suite in this build of OpenSSL"},
              {"cipher_suites", 1, "this build of OpenSSL does not know \"TLS_NOT_A_SUITE\""},
              {"groups", 1, "this build of OpenSSL does not know \"x25518\""},
              {"signature_algorithms", 0, "this build of OpenSSL does not know \"no_such_scheme\""},
          });
}

TEST_CASE("a cipher string that takes away everything leaves none") {
    tls::Profile profile;
    profile.ciphers = "AES128-SHA:!AES";
    CHECK(incapabilities(profile) ==
          std::vector<Incapability>{{"ciphers", 0, "\"AES128-SHA:!AES\" leaves no cipher suite"}});
}

TEST_CASE("the old versions need security level 0") {
    tls::Profile profile;
    profile.min_version = tls::ProtocolVersion::tls1_0;
    REQUIRE(incapabilities(profile).size() == 1);
    CHECK(incapabilities(profile)[0].key == "security_level");
    profile.security_level = 0;
    CHECK(incapabilities(profile).empty());
}

TEST_CASE("each weakness has its phrase") {
    tls::Profile profile;
    CHECK(weaknesses(profile).empty());
    SECTION("versions") {
        profile.min_version = tls::ProtocolVersion::tls1_0;
        profile.security_level = 0;
        CHECK(weaknesses(profile) == Names{"TLS 1.0", "TLS 1.1", "security level 0"});
    }
    SECTION("CBC") {
        profile.ciphers = "ECDHE-RSA-AES128-SHA";
        CHECK(weaknesses(profile) == Names{"CBC suites"});
    }
    SECTION("static RSA") {
        profile.ciphers = "AES128-GCM-SHA256";
        CHECK(weaknesses(profile) == Names{"static RSA key exchange"});
    }
    SECTION("anonymous") {
        profile.ciphers = "ADH-AES128-GCM-SHA256:@SECLEVEL=0";
        profile.security_level = 0;
        CHECK(contains(weaknesses(profile), "anonymous servers"));
    }
    SECTION("renegotiation") {
        profile.legacy_renegotiation = true;
        CHECK(weaknesses(profile) == Names{"servers without secure renegotiation (RFC 5746)"});
    }
    SECTION("verification") {
        profile.verify.mode = tls::Verify::Mode::none;
        CHECK(weaknesses(profile) == Names{"verification off"});
    }
    SECTION("another time") {
        profile.verify.time = std::chrono::system_clock::now();
        CHECK(weaknesses(profile) == Names{"validity checked at another time"});
    }
}

TEST_CASE("known names are IANA's") {
    CHECK(contains(tls::engine::known_names("groups"), "x25519"));
    CHECK(contains(tls::engine::known_names("groups"), "secp256r1"));
    CHECK(contains(tls::engine::known_names("cipher_suites"), "TLS_AES_128_GCM_SHA256"));
    CHECK(contains(tls::engine::known_names("signature_algorithms"), "ecdsa_secp256r1_sha256"));
    CHECK(contains(tls::engine::known_names("signature_algorithms"), "ecdsa_sha1"));
    CHECK(tls::engine::known_names("ciphers").empty());
}
