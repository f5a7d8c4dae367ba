// Bytes in their order again, however the segments came.
#include "app/capture/one_way.hpp"
#include "support/bytes.hpp"
#include "support/catch.hpp"

using namespace alert40;
using namespace alert40::tests;
using app::capture::OneWay;
using app::capture::Segment;

namespace {

class Stream {
  public:
    explicit Stream(std::uint32_t first)
        : first_(first) {
        Segment syn;
        syn.sequence = first - 1;
        syn.syn = true;
        way.take(syn);
    }

    /// The bytes of `text` from there.
    Stream& send(std::uint32_t at, std::string const& text, std::size_t missing = 0, bool fin = false) {
        auto const bytes = bytes_of(text);
        Segment segment;
        segment.sequence = first_ + at;
        segment.payload = bytes;
        segment.missing = missing;
        segment.fin = fin;
        for (auto const piece : way.take(segment))
            passed.append(piece.begin(), piece.end());
        return *this;
    }

    OneWay way;
    std::string passed;

  private:
    std::uint32_t first_;
};

} // namespace

TEST_CASE("in order, twice, overlapping, the wrong way round") {
    auto const first = GENERATE(1u, 0xfffffffeu); // the numbers turn over
    Stream stream{first};
    CHECK(stream.send(0, "abc").passed == "abc");
    CHECK(stream.send(0, "abc").passed == "abc");
    CHECK(stream.send(2, "cde").passed == "abcde");
    CHECK(stream.send(8, "ij").passed == "abcde");
    CHECK(stream.send(6, "ghi").passed == "abcde");
    CHECK(stream.way.has_gap());
    CHECK(stream.send(5, "f").passed == "abcdefghij");
    CHECK_FALSE(stream.way.has_gap());
}

TEST_CASE("its end is where its FIN is, once all before it has passed") {
    Stream stream{1};
    stream.send(3, "d", 0, true);
    CHECK_FALSE(stream.way.ended());
    CHECK(stream.way.has_gap());
    CHECK(stream.send(0, "abc").passed == "abcd");
    CHECK(stream.way.ended());
}

TEST_CASE("what the capture has cut off leaves a gap") {
    Stream stream{1};
    CHECK(stream.send(0, "abc", 100).send(103, "def").passed == "abc");
    CHECK(stream.way.has_gap());
}

TEST_CASE("what waits is bounded") {
    Stream stream{1};
    stream.send(OneWay::furthest_ahead + 10, "far");
    CHECK(stream.way.has_gap());
    for (std::uint32_t i = 0; i < 2 * OneWay::most_waiting; ++i)
        stream.send(10 + 2 * i, "x");
    CHECK(stream.send(0, "0123456789").passed.size() == 11); // and the one that follows at once
}
