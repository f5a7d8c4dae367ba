#include "tls/engine/client_keys.hpp"

#include "support/catch.hpp"
#include "tls/engine/flight_opener.hpp"

#include <cstdint>
#include <vector>

using namespace alert40::tls::engine;
using Numbers = std::vector<std::uint16_t>;

namespace {

constexpr std::uint16_t x25519_mlkem768 = 0x11ec;

} // namespace

TEST_CASE("two sides agree on a secret, with the shares that each has shown") {
    Numbers const groups{0x0017, 0x0018, 0x0019, 0x001d, 0x001e};
    auto const ours = *ClientKeys::make(groups), theirs = *ClientKeys::make(groups);
    REQUIRE(ours.shares().size() == groups.size());
    for (std::size_t i = 0; i < groups.size(); ++i) {
        auto const& share = theirs.shares()[i];
        CHECK(share.group == groups[i]);
        CHECK(share.key_exchange != ours.shares()[i].key_exchange);
        auto const one = ours.agree(share.group, share.key_exchange);
        auto const other = theirs.agree(share.group, ours.shares()[i].key_exchange);
        REQUIRE(one);
        REQUIRE(other);
        CHECK(one->bytes() == other->bytes());
    }
    CHECK(ours.random() != theirs.random());
    CHECK(ours.session_id() != theirs.session_id());
}

TEST_CASE("what is no share of the group agrees with nothing") {
    auto const keys = *ClientKeys::make(Numbers{0x001d, 0x0017});
    CHECK_FALSE(keys.agree(0x001d, {}));
    CHECK_FALSE(keys.agree(0x001d, std::vector<std::uint8_t>(31, 7)));
    CHECK_FALSE(
        keys.agree(0x001d, std::vector<std::uint8_t>(32))); // RFC 7748 section 6.1: all zeros come out
    CHECK_FALSE(keys.agree(0x0017, std::vector<std::uint8_t>(65, 4)));
    CHECK_FALSE(keys.agree(0x0018, keys.shares()[1].key_exchange));
}

TEST_CASE("a share of X25519MLKEM768 is well-formed, and nobody has its private half") {
    auto const keys = *ClientKeys::make(Numbers{x25519_mlkem768, 0x0100, x25519_mlkem768});
    REQUIRE(keys.shares().size() == 1); // ffdhe2048 cannot be had, and each is said once
    auto const& share = keys.shares().front().key_exchange;
    REQUIRE(share.size() == 1184 + 32);
    for (std::size_t i = 0; i < 1152; i += 3) { // FIPS 203 section 7.2: the modulus check
        CHECK((share[i] | (share[i + 1] & 15) << 8) < 3329);
        CHECK((share[i + 1] >> 4 | share[i + 2] << 4) < 3329);
    }
    CHECK_FALSE(keys.agree(x25519_mlkem768, std::vector<std::uint8_t>(1120, 1)));
}

TEST_CASE("a flight is opened for suites that are known") {
    Secret const shared{std::vector<std::uint8_t>(32, 1)};
    CHECK(FlightOpener::make(0x1301, shared, {}));
    CHECK_FALSE(FlightOpener::make(0x1304, shared, {})); // CCM
    auto opener = *FlightOpener::make(0x1302, shared, {});
    CHECK_FALSE(opener.open({}));
    CHECK_FALSE(opener.open(std::vector<std::uint8_t>(21)));
    CHECK_FALSE(opener.open(std::vector<std::uint8_t>(100)));
}
