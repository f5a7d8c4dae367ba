#include "tls/offer.hpp"

#include "support/catch.hpp"

using namespace alert40::tls;

TEST_CASE("what an offer does not say stays the profile's") {
    auto const modern = *built_in_profile("modern");
    CHECK(with_offer(modern, {}) == modern);
    auto const other = with_offer(modern, {.groups = {{"x448"}}, .alpn = std::vector<std::string>{}});
    CHECK(other.groups == std::vector<std::string>{"x448"});
    CHECK(other.alpn.empty());
    CHECK(other.ciphers == modern.ciphers);
    CHECK(other.security_level == 2);
    CHECK(other.verify == modern.verify);
}

TEST_CASE("what a security level forbids can be offered all the same") {
    auto const modern = *built_in_profile("modern");
    using enum ProtocolVersion;
    CHECK(with_offer(modern, {.versions = {{tls1_0, tls1_1}}}).security_level == 0);
    CHECK(with_offer(modern, {.versions = {{tls1_0, tls1_1}}}).ciphers ==
          built_in_profile("legacy")->ciphers);
    CHECK(with_offer(modern, {.versions = {{tls1_2, tls1_2}}}).security_level == 2);
    CHECK(with_offer(modern, {.ciphers = "AES128-SHA"}).security_level == 0);
    CHECK(with_offer(modern, {.signature_algorithms = {{"rsa_pkcs1_sha1"}}}).security_level == 0);
}
