#include "diagnose/hello/plain_hello.hpp"

#include "support/catch.hpp"
#include "tls/wire/describe.hpp"

#include <algorithm>
#include <string>

using namespace alert40;
using namespace alert40::diagnose;
using Names = std::vector<std::string>;

namespace {

tls::Offered described(PlainHello const& question) {
    auto const hello = built(question);
    REQUIRE(*read_hello(records_of(hello)) == hello);
    return tls::wire::describe(view_of(hello), wire_size(hello));
}

bool has(Hello const& hello, std::uint16_t type) {
    return std::ranges::find(hello.extensions, type, &Hello::Extension::type) != hello.extensions.end();
}

} // namespace

TEST_CASE("a plain hello says what it is told to") {
    auto const offered =
        described({.server_name = "example.com", .alpn = {"h2", "http/1.1"}, .fallback_scsv = true});
    CHECK(offered.versions == Names{"1.3", "1.2"});
    CHECK(offered.server_name == "example.com");
    CHECK(offered.alpn == Names{"h2", "http/1.1"});
    CHECK(offered.groups == Names{"x25519", "secp256r1", "secp384r1"});
    CHECK(offered.scsv);
    CHECK(offered.cipher_suites.front() == "TLS_AES_128_GCM_SHA256");
    CHECK_FALSE(described({}).scsv);
    CHECK(described({.pad_to = 2000}).bytes == 2000);
}

TEST_CASE("a plain hello of TLS 1.2 and before says nothing of TLS 1.3") {
    auto const tls12 = built({.versions = {0x0303}});
    CHECK(tls12.legacy_version == 0x0303);
    CHECK(tls12.session_id.empty());
    CHECK_FALSE(has(tls12, 43));
    CHECK_FALSE(has(tls12, 51));
    auto const tls10 = built({.versions = {0x0301}});
    CHECK(tls10.legacy_version == 0x0301);
    CHECK_FALSE(has(tls10, 13));
    auto const ssl3 = built({.versions = {0x0300}});
    CHECK(ssl3.legacy_record_version == 0x0300);
    CHECK(ssl3.extensions.empty());
    CHECK(ssl3.cipher_suites.back() == 0x00ff);
}

TEST_CASE("the key shares of a plain hello have the sizes of their groups") {
    auto const hello = built({.key_shares = {0x11ec, 0x001d, 0x0017, 0x0100}});
    auto const groups = tls::wire::key_share_groups(view_of(hello).extensions);
    CHECK(groups == std::vector<std::uint16_t>{0x11ec, 0x001d, 0x0017}); // no ffdhe2048
    CHECK(wire_size(hello) > 1216 + 32 + 65);
}

TEST_CASE("all that there is leaves out what does not encrypt, or not authenticate") {
    auto const offered = described({.versions = {0x0304, 0x0303, 0x0302, 0x0301},
                                    .cipher_suites = PlainHello::every_suite(),
                                    .groups = PlainHello::every_group()});
    auto const has = [](Names const& names, char const* name) {
        return std::ranges::find(names, name) != names.end();
    };
    CHECK(has(offered.cipher_suites, "TLS_ECDHE_ECDSA_WITH_CAMELLIA_128_CBC_SHA256"));
    CHECK(has(offered.cipher_suites, "TLS_AES_128_CCM_SHA256"));
    CHECK_FALSE(has(offered.cipher_suites, "TLS_RSA_WITH_NULL_SHA"));
    CHECK_FALSE(has(offered.cipher_suites, "TLS_ECDH_anon_WITH_AES_128_CBC_SHA"));
    CHECK_FALSE(has(offered.cipher_suites, "TLS_FALLBACK_SCSV"));
    CHECK(has(offered.groups, "brainpoolP256r1"));
    CHECK_FALSE(has(offered.groups, "X25519MLKEM768"));
    CHECK(offered.bytes < 1400); // one packet
}
