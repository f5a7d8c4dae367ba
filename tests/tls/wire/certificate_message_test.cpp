#include "tls/wire/certificate_message.hpp"

#include "support/bytes.hpp"
#include "support/catch.hpp"

using namespace alert40::tls;
using namespace alert40::tls::wire;
using alert40::tests::Buffer;
using alert40::tests::hex;

namespace {

std::vector<Buffer> copies(Result<std::vector<Bytes>> const& certificates) {
    REQUIRE(certificates.has_value());
    std::vector<Buffer> out;
    for (auto const der : *certificates)
        out.emplace_back(der.begin(), der.end());
    return out;
}

auto const tls12 = hex("000009 000002 aabb 000001 cc");
auto const tls13 = hex("00 00000f 000002 aabb 0002 eeee 000001 cc 0000");

} // namespace

TEST_CASE("the certificates come leaf first") {
    std::vector<Buffer> const expected{hex("aabb"), hex("cc")};
    CHECK(copies(parse_certificate(tls12, ProtocolVersion::tls1_2)) == expected);
    CHECK(copies(parse_certificate(tls12, ProtocolVersion::tls1_0)) == expected);
    CHECK(copies(parse_certificate(tls13, ProtocolVersion::tls1_3)) == expected);
}

TEST_CASE("a peer may send none") {
    CHECK(copies(parse_certificate_tls12(hex("000000"))).empty());
    CHECK(copies(parse_certificate_tls13(hex("02 1234 000000"))).empty());
}

TEST_CASE("an empty certificate, bytes left over, and a cut anywhere are malformed") {
    CHECK(parse_certificate_tls12(hex("000003 000000")).error() == Malformed{Malformed::What::truncated, 3});
    CHECK(parse_certificate_tls12(hex("000000 00")).error() == Malformed{Malformed::What::trailing_bytes, 3});
    for (std::size_t size = 0; size < tls12.size(); ++size)
        CHECK(parse_certificate_tls12(Bytes{tls12}.first(size)).has_error());
    for (std::size_t size = 0; size < tls13.size(); ++size)
        CHECK(parse_certificate_tls13(Bytes{tls13}.first(size)).has_error());
}

TEST_CASE("an OCSP answer comes with the leaf") {
    auto const stapled = hex("00 000013 000002 aabb 0006 0005 0002 0100 000001 cc 0000");
    REQUIRE(copies(parse_certificate_tls13(stapled)).size() == 2);
    CHECK(staples_ocsp_tls13(stapled));
    CHECK_FALSE(staples_ocsp_tls13(hex("00 00000b 000001 cc 0000 000002 aabb 0000")));
    for (std::size_t size = 0; size < stapled.size(); ++size)
        CHECK_FALSE(staples_ocsp_tls13(Bytes{stapled}.first(size)));
}
