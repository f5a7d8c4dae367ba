#include "proxy/http1/body_writer.hpp"

#include "proxy/http1/body_reader.hpp"
#include "support/catch.hpp"

#include <algorithm>
#include <string>

using namespace alert40;
using namespace alert40::proxy::http1;

namespace {

std::string text(bytes::ByteQueue const& out) {
    return {reinterpret_cast<char const*>(out.data().data()), out.size()};
}

void write(BodyWriter& writer, bytes::ByteQueue& out, std::string_view piece, std::size_t at_least) {
    auto const space = writer.space(out, at_least);
    REQUIRE(space.size() >= at_least);
    REQUIRE(space.size() >= piece.size());
    std::copy(piece.begin(), piece.end(), space.begin());
    writer.written(out, piece.size());
}

} // namespace

TEST_CASE("chunks are closed around what was written in place") {
    bytes::ByteQueue out;
    BodyWriter writer(Framing::chunked());
    write(writer, out, "hello", 65536);
    write(writer, out, "", 10);
    write(writer, out, "0123456789abcdef", 16);
    CHECK(writer.end(out, {{"X-Sum", "1"}, {"Y", ""}}));
    CHECK(text(out) == "5\r\nhello\r\n10\r\n0123456789abcdef\r\n0\r\nX-Sum: 1\r\nY: \r\n\r\n");
}

TEST_CASE("what is chunked is read back, whatever the sizes of pieces and spaces") {
    bytes::ByteQueue out;
    BodyWriter writer(Framing::chunked());
    std::string body;
    for (std::size_t const size : {1, 15, 16, 255, 256, 4095, 4096, 65535, 65536, 300'000})
        for (std::size_t const at_least : {std::size_t{1}, size, size + 1, std::size_t{70'000}}) {
            std::string const piece(std::min(size, at_least), static_cast<char>('a' + size % 26));
            write(writer, out, piece, at_least);
            body += piece;
        }
    CHECK(writer.end(out, {}));

    BodyReader reader(Framing::chunked());
    std::string read;
    auto wire = out.data();
    while (!reader.done() && !reader.malformed()) {
        auto const piece = reader.next(wire);
        read.append(piece.data.begin(), piece.data.end());
        wire = wire.subspan(piece.consumed);
    }
    CHECK(reader.done());
    CHECK(wire.empty());
    CHECK(read == body);
}

TEST_CASE("a declared length is kept, and missing bytes are noticed") {
    bytes::ByteQueue out;
    BodyWriter writer(Framing::of_length(5));
    write(writer, out, "abc", 3);
    CHECK_FALSE(BodyWriter(writer).end(out, {}));
    write(writer, out, "defgh", 5);
    CHECK(text(out) == "abcde");
    CHECK(writer.end(out, {{"X-Trailer", "1"}}));
    CHECK(text(out) == "abcde");
}

TEST_CASE("without a body nothing is written, and no memory is kept") {
    bytes::ByteQueue out;
    BodyWriter writer(Framing::none());
    write(writer, out, "abc", 3);
    CHECK(writer.end(out, {}));
    CHECK(out.empty());
    CHECK(out.data().data() == nullptr);
}
