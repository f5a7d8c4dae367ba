#include "tls/wire/handshake_message.hpp"

#include "support/bytes.hpp"
#include "support/catch.hpp"

#include <algorithm>
#include <vector>

using namespace alert40::tls::wire;
using alert40::tests::Buffer;
using alert40::tests::hex;
using alert40::tests::joined;

namespace {

std::vector<HandshakeType> types(HandshakeSplitter& messages, Bytes stream, std::size_t fragment) {
    std::vector<HandshakeType> out;
    for (std::size_t at = 0; at < stream.size(); at += fragment) {
        messages.feed(stream.subspan(at, std::min(fragment, stream.size() - at)));
        while (auto const message = messages.next()) {
            CHECK(message->whole.size() == message->body.size() + handshake_header_size);
            CHECK(message->body.data() == message->whole.data() + handshake_header_size);
            out.push_back(message->type);
        }
    }
    return out;
}

} // namespace

TEST_CASE("messages come out whole: several in a record, one over several") {
    auto const stream = hex("02 000003 010203"
                            "0b 000001 ff"
                            "0e 000000");
    std::vector const expected{HandshakeType::server_hello, HandshakeType::certificate,
                               HandshakeType::server_hello_done};
    for (std::size_t fragment = 1; fragment <= stream.size(); ++fragment) {
        HandshakeSplitter messages;
        CHECK(types(messages, stream, fragment) == expected);
        CHECK_FALSE(messages.malformed());
        CHECK_FALSE(messages.within_message());
    }
}

TEST_CASE("a message is as long as the bound, and no longer") {
    auto const fits = joined({hex("0b 040000"), Buffer(max_handshake_message, 0x30)});
    HandshakeSplitter messages;
    CHECK(types(messages, fits, 16'384) == std::vector{HandshakeType::certificate});

    HandshakeSplitter refusing;
    CHECK(types(refusing, hex("0b 040001"), 4).empty());
    CHECK(refusing.malformed() == Malformed{Malformed::What::too_long, 1});
    CHECK_FALSE(refusing.within_message());
}

TEST_CASE("a message that has begun is within") {
    HandshakeSplitter messages;
    CHECK(types(messages, hex("01 000002 03"), 5).empty());
    CHECK(messages.within_message());
}
