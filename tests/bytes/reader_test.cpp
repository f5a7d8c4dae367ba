#include "bytes/reader.hpp"

#include "bytes/writer.hpp"
#include "support/bytes.hpp"
#include "support/catch.hpp"

using alert40::bytes::Prefix;
using alert40::bytes::Reader;
using alert40::bytes::Writer;
using alert40::tests::Buffer;
using alert40::tests::hex;

namespace {

template <class Range>
Buffer copy(Range const& range) {
    return {range.begin(), range.end()};
}

} // namespace

TEST_CASE("numbers are big-endian, and what was written is read") {
    auto const written = Writer{}
                             .u8(0x01)
                             .u16(0x0203)
                             .u24(0x040506)
                             .u32(0x0708090a)
                             .opaque<Prefix::u8>(hex("aabb"))
                             .list_u16<Prefix::u16>(std::vector<std::uint16_t>{0x1301, 0x1302})
                             .opaque<Prefix::u24>(hex("cc"))
                             .take();
    REQUIRE(written == hex("01 0203 040506 0708090a 02aabb 0004 1301 1302 000001 cc"));

    Reader in{written};
    CHECK(in.u8() == 0x01);
    CHECK(in.u16() == 0x0203);
    CHECK(in.u24() == 0x040506);
    CHECK(in.u32() == 0x0708090a);
    CHECK(copy(in.opaque<Prefix::u8>()) == hex("aabb"));
    CHECK(in.list_u16<Prefix::u16>() == std::vector<std::uint16_t>{0x1301, 0x1302});
    CHECK(copy(in.opaque<Prefix::u24>()) == hex("cc"));
    CHECK(in.finished());
    CHECK(in.offset() == written.size());
}

TEST_CASE("a failure sticks: everything after it is zero or empty") {
    auto const bytes = hex("01 02 03");
    Reader in{bytes};
    CHECK(in.u8() == 1);
    CHECK(in.u32() == 0);
    CHECK(in.failed());
    CHECK(in.offset() == 1);
    CHECK(in.u8() == 0);
    CHECK(in.rest().empty());
    CHECK(in.list_u16<Prefix::u8>().empty());
    CHECK(in.bytes<2>() == std::array<std::uint8_t, 2>{});
    CHECK_FALSE(in.more());
    CHECK_FALSE(in.finished());
    CHECK(in.offset() == 1);
}

TEST_CASE("bytes left over are not finished, and not failed") {
    auto const bytes = hex("01 02");
    Reader in{bytes};
    in.u8();
    CHECK(in.more());
    CHECK_FALSE(in.finished());
    CHECK_FALSE(in.failed());
    CHECK(copy(in.rest()) == hex("02"));
    CHECK(in.finished());
}

TEST_CASE("a vector outside of its bounds fails at its length") {
    auto const bytes = hex("00 02 aabb");
    SECTION("too long") {
        Reader in{bytes};
        in.u8();
        CHECK(in.opaque<Prefix::u8>(1).empty());
        CHECK(in.offset() == 1);
        CHECK(in.failed());
    }
    SECTION("too short") {
        Reader in{bytes};
        in.opaque<Prefix::u8>(255, 1);
        CHECK(in.offset() == 0);
        CHECK(in.failed());
    }
}

TEST_CASE("a nested vector has to be read to its end, and no further") {
    auto const bytes = hex("ff 0003 010203 04");
    auto read = [&](auto body) {
        Reader in{bytes};
        in.u8();
        in.nested<Prefix::u16>(body);
        in.u8();
        return std::pair{in.finished(), in.offset()};
    };
    CHECK(read([](Reader& in) { in.bytes(3); }) == std::pair{true, std::size_t{7}});
    CHECK(read([](Reader& in) { in.bytes(2); }) == std::pair{false, std::size_t{5}});
    CHECK(read([](Reader& in) {
              in.u8();
              in.bytes(3);
          }) == std::pair{false, std::size_t{4}});
}

TEST_CASE("a list of numbers with half a number at its end fails") {
    auto const bytes = hex("03 1301 13");
    Reader in{bytes};
    CHECK(in.list_u16<Prefix::u8>().empty());
    CHECK(in.failed());
    CHECK(in.offset() == 3);
}
