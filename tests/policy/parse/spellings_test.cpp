#include "policy/parse/spellings.hpp"
#include "support/catch.hpp"

using namespace alert40::policy::parse;

TEST_CASE("groups are known by their usual names") {
    for (auto const* typed : {"P-256", "p-256", "prime256v1", "secp256r1", "SECP256R1"})
        CHECK(canonical_group(typed) == "secp256r1");
    CHECK(canonical_group("X25519") == "x25519");
    CHECK(canonical_group("P-521") == "secp521r1");
    CHECK(canonical_group("X25519MLKEM768") == "X25519MLKEM768");
    CHECK(canonical_group("something") == "something");
}

TEST_CASE("signature schemes are known by OpenSSL's names too") {
    CHECK(canonical_signature_algorithm("ECDSA+SHA256") == "ecdsa_secp256r1_sha256");
    CHECK(canonical_signature_algorithm("rsa-pss+sha384") == "rsa_pss_rsae_sha384");
    CHECK(canonical_signature_algorithm("rsa_pkcs1_sha1") == "rsa_pkcs1_sha1");
}
