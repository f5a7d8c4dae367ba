#include "tls/wire/record.hpp"

#include "support/bytes.hpp"
#include "support/catch.hpp"

#include <string>
#include <vector>

using namespace alert40::tls::wire;
using alert40::tests::Buffer;
using alert40::tests::hex;
using alert40::tests::joined;
using What = Malformed::What;

namespace {

struct Seen {
    ContentType type;
    Buffer fragment;

    bool operator==(Seen const&) const = default;
};

/// What the splitter makes of `stream` in pieces of this size.
std::vector<Seen> split(RecordSplitter& records, Bytes stream, std::size_t piece) {
    std::vector<Seen> seen;
    for (std::size_t at = 0; at < stream.size(); at += piece) {
        auto const bytes = stream.subspan(at, std::min(piece, stream.size() - at));
        Buffer const passing{bytes.begin(),
                             bytes.end()}; // gone after this turn: the splitter must not keep it
        records.feed(passing);
        while (auto const record = records.next())
            seen.push_back({record->header.type, {record->fragment.begin(), record->fragment.end()}});
    }
    return seen;
}

Malformed::What defect(std::string_view header) {
    auto const parsed = parse_record_header(hex(header));
    REQUIRE(parsed.has_error());
    return parsed.error().what;
}

} // namespace

TEST_CASE("a record header is a type, a version and a length") {
    auto const header = parse_record_header(hex("16 0301 0200"));
    REQUIRE(header.has_value());
    CHECK(header->type == ContentType::handshake);
    CHECK(header->legacy_version == 0x0301);
    CHECK(header->length == 512);
}

TEST_CASE("what cannot be a record is told apart") {
    CHECK(defect("48 5454 502f") == What::not_tls); // HTTP/
    CHECK(defect("19 0303 0001") == What::not_tls);
    CHECK(defect("13 0303 0001") == What::not_tls);
    CHECK(defect("16 0201 0001") == What::not_tls);
    CHECK(defect("17 0303 4801") == What::too_long); // 2^14 + 2049
    CHECK(defect("16 0303 0000") == What::illegal_value);
    CHECK(defect("15 0303 0000") == What::illegal_value);
    CHECK(defect("16 0303 00") == What::truncated);
    CHECK(parse_record_header(hex("17 0303 4800")).has_value());
    CHECK(parse_record_header(hex("17 0303 0000")).has_value());
}

TEST_CASE("records come out whole, whatever the pieces were") {
    auto const stream = hex("16 0301 0004 01020304"
                            "17 0303 0000"
                            "15 0303 0002 0228"
                            "17 0303 0001 ff");
    std::vector<Seen> const expected{{ContentType::handshake, hex("01020304")},
                                     {ContentType::application_data, {}},
                                     {ContentType::alert, hex("0228")},
                                     {ContentType::application_data, hex("ff")}};
    for (std::size_t piece = 1; piece <= stream.size(); ++piece) {
        RecordSplitter records;
        CHECK(split(records, stream, piece) == expected);
        CHECK_FALSE(records.malformed());
        CHECK_FALSE(records.within_record());
    }
}

TEST_CASE("the largest record fits, and a cut shows as a record within") {
    auto const stream = joined({hex("17 0303 4800"), Buffer(max_record_fragment, 0xaa)});
    RecordSplitter records;
    CHECK(split(records, Bytes{stream}.first(stream.size() - 1), 1000).empty());
    CHECK(records.within_record());
    CHECK(split(records, Bytes{stream}.last(1), 1).size() == 1);
    CHECK_FALSE(records.within_record());
}

TEST_CASE("a record that lies within one piece is not copied") {
    auto const stream = hex("15 0303 0002 0228");
    RecordSplitter records;
    records.feed(stream);
    auto const record = records.next();
    REQUIRE(record);
    CHECK(record->fragment.data() == stream.data() + record_header_size);
}

TEST_CASE("the stream ends for good at its first malformed record, with the offset of it") {
    auto const stream = hex("15 0303 0002 0228"
                            "15 0203 0002 0228"
                            "15 0303 0002 0228");
    for (std::size_t piece = 1; piece <= stream.size(); ++piece) {
        RecordSplitter records;
        CHECK(split(records, stream, piece).size() == 1);
        CHECK(records.malformed() == Malformed{What::not_tls, 8});
    }
}
