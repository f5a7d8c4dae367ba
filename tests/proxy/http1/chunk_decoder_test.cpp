#include "proxy/http1/chunk_decoder.hpp"

#include "proxy/http1/body_reader.hpp"
#include "proxy/message/limits.hpp"
#include "support/catch.hpp"

#include <string>
#include <vector>

using namespace alert40::proxy;
using namespace alert40::proxy::http1;
using namespace std::literals;

namespace {

struct Decoded {
    std::string body;
    std::string trailers;
    std::size_t consumed = 0;
    bool done = false;
    bool malformed = false;

    bool operator==(Decoded const&) const = default;
};

/// Feeds `wire` in pieces of `step` bytes.
Decoded decode(std::string_view wire, std::size_t step) {
    ChunkDecoder decoder;
    Decoded decoded;
    while (decoded.consumed < wire.size() && !decoder.done() && !decoder.malformed()) {
        auto const part = wire.substr(decoded.consumed, step);
        auto const piece = decoder.next({reinterpret_cast<std::uint8_t const*>(part.data()), part.size()});
        decoded.body.append(piece.data.begin(), piece.data.end());
        decoded.consumed += piece.consumed;
        if (piece.consumed == 0) break;
    }
    decoded.done = decoder.done();
    decoded.malformed = decoder.malformed();
    if (decoded.done)
        for (auto const& field : decoder.trailers())
            decoded.trailers += std::string(field.name) + "=" + std::string(field.value) + ";";
    if (decoded.malformed) decoded.consumed = 0; // says nothing
    return decoded;
}

Decoded decode(std::string_view wire) {
    auto const whole = decode(wire, wire.size());
    for (std::size_t const step : {1, 2, 3, 7})
        CHECK(decode(wire, step) == whole);
    return whole;
}

} // namespace

TEST_CASE("chunks become the body, however they are cut") {
    auto const plain = decode("5\r\nhello\r\n6;name=value\r\n world\r\n0\r\n\r\nGET /next");
    CHECK(plain.done);
    CHECK(plain.body == "hello world");
    CHECK(plain.consumed == "5\r\nhello\r\n6;name=value\r\n world\r\n0\r\n\r\n"s.size());

    CHECK(decode("0\r\n\r\n").done);
    CHECK(decode("000;x\r\n\r\n").done);
    CHECK(decode("00a\r\n0123456789\r\n0\r\n\r\n").body == "0123456789");
    CHECK(decode("A;q=\"a b\\\"c\"\r\n0123456789\r\n0\r\n\r\n").done);
    CHECK(decode("3\r\n\r\n0\r\n0\r\n\r\n").body == "\r\n0");
}

TEST_CASE("trailers come with the end") {
    auto const decoded = decode("1\r\nx\r\n0\r\nX-Sum: abc \r\nGrpc-Status: 0\r\nKeep-Alive: 1\r\n\r\nrest");
    CHECK(decoded.done);
    CHECK(decoded.trailers == "X-Sum=abc;Grpc-Status=0;");
}

TEST_CASE("what is not chunked coding is malformed") {
    for (auto const& wire : std::vector<std::string>{
             "\r\n",
             "x\r\n",
             "-1\r\n",
             "+1\r\nx\r\n0\r\n\r\n",
             "0x1\r\nx\r\n0\r\n\r\n",
             " 1\r\nx\r\n0\r\n\r\n",
             "1 \r\nx\r\n0\r\n\r\n",
             "1 ;a\r\nx\r\n0\r\n\r\n",
             "1\t\r\nx\r\n0\r\n\r\n",
             "1_0\r\n",
             ";a\r\n",
             "1\nx\n0\n\n",
             "1\rx",
             "1\r\nx\n0\r\n\r\n",
             "1\r\nxy\r\n0\r\n\r\n",
             "1\r\nx0\r\n\r\n",
             "1;a\nb\r\nx\r\n0\r\n\r\n",
             "1;a\0\r\nx\r\n0\r\n\r\n"s,
             "1;a\rb\r\n",
             "1000000000000000\r\n",
             "10000000000000000\r\n",
             "fffffffffffffffff\r\n",
             std::string(17, '0') + "\r\n\r\n",
             "0\r\n\n",
             "0\r\n\rx",
             "0\r\nX\r\n\r\n",
             "0\r\nX : 1\r\n\r\n",
             "0\r\nX: 1\n\r\n",
             "0\r\nX: 1\r\n 2\r\n\r\n",
             "0\r\nX: a\0b\r\n\r\n"s,
             "0\r\nContent-Length: 5\r\n\r\n",
             "0\r\nTransfer-Encoding: chunked\r\n\r\n",
             "0\r\nHost: a\r\n\r\n",
             "1;" + std::string(limits::chunk_extension_bytes + 1, 'a') + "\r\nx\r\n",
             "0\r\nX: " + std::string(limits::head_bytes, 'a'),
         }) {
        INFO(wire.substr(0, 80));
        CHECK(decode(wire).malformed);
    }
}

TEST_CASE("a long extension in each chunk is allowed, and too long a one in none") {
    auto const chunk = "1;" + std::string(limits::chunk_extension_bytes - 10, 'a') + "\r\nx\r\n";
    CHECK(decode(chunk + chunk + "0\r\n\r\n", 1000).body == "xx");
}

TEST_CASE("a body of known length, or until the end, can be read past the reader") {
    std::string const text = "hello world";
    std::span const bytes{reinterpret_cast<std::uint8_t const*>(text.data()), text.size()};

    BodyReader known(Framing::of_length(8));
    CHECK(known.next(bytes.first(5)).consumed == 5);
    CHECK(known.direct() == 3);
    CHECK_FALSE(known.end_of_stream());
    known.took(1);
    CHECK(known.next(bytes).data.size() == 2);
    CHECK(known.done());
    CHECK(known.next(bytes).consumed == 0);

    BodyReader open(Framing::until_close());
    CHECK(open.next(bytes).data.size() == bytes.size());
    CHECK_FALSE(open.done());
    CHECK(open.end_of_stream());
    CHECK(open.done());
    CHECK(open.direct() == 0);

    CHECK(BodyReader(Framing::none()).done());
    CHECK(BodyReader(Framing::of_length(0)).done());
    BodyReader chunked(Framing::chunked());
    CHECK(chunked.direct() == 0);
    CHECK_FALSE(chunked.end_of_stream());
}
