#include "tls/wire/edit_client_hello.hpp"

#include "support/bytes.hpp"
#include "support/catch.hpp"
#include "support/client_hello_builder.hpp"
#include "tls/wire/client_hello_reader.hpp"

#include <string>
#include <string_view>

using namespace alert40::tls::wire;
using alert40::tests::Buffer;
using alert40::tests::ClientHelloBuilder;
using alert40::tests::hex;
using alert40::tls::HelloEdit;
using What = Malformed::What;
using State = ClientHelloReader::State;

namespace {

using Numbers = std::vector<std::uint16_t>;

Buffer usual() {
    ClientHelloBuilder hello;
    hello.suites({0x1301})
        .server_name("example.com")
        .groups({0x001d})
        .alpn({"h2", "http/1.1"})
        .versions({0x0304});
    return hello.body();
}

Buffer edited(Buffer const& body, HelloEdit const& edit) {
    auto const made = edit_client_hello(body, edit);
    REQUIRE(made.has_value());
    return *made;
}

What refusal(Buffer const& body, HelloEdit const& edit) {
    auto const made = edit_client_hello(body, edit);
    REQUIRE(made.has_error());
    return made.error().what;
}

/// The types of the extensions, in order.
Numbers types(Buffer const& body) {
    Numbers all;
    auto const hello = *parse_client_hello(body);
    for (auto const& extension : hello.extensions)
        all.push_back(extension.type);
    return all;
}

std::vector<std::string> protocols(Buffer const& body) {
    std::vector<std::string> names;
    auto const hello = *parse_client_hello(body);
    auto const said = alpn(hello.extensions);
    REQUIRE(said.has_value());
    for (auto const name : *said)
        names.emplace_back(name);
    return names;
}

} // namespace

TEST_CASE("an edit of nothing gives the same bytes") {
    CHECK(HelloEdit{}.changes_nothing());
    CHECK(edited(usual(), {}) == usual());
}

TEST_CASE("an extension is left out, wherever and however often it stands; others stay as they were") {
    CHECK(types(edited(usual(), {.without_extensions = {10}})) == Numbers{0, 16, 43});
    CHECK(types(edited(usual(), {.without_extensions = {0, 43, 99}})) == Numbers{10, 16});
    ClientHelloBuilder twice;
    twice.extension(7).extension(8).extension(7);
    CHECK(types(edited(twice.body(), {.without_extensions = {7}})) == Numbers{8});
}

TEST_CASE("the extensions are turned round, but a pre-shared key stays last") {
    CHECK(types(edited(usual(), {.reversed = true})) == Numbers{43, 16, 10, 0});
    ClientHelloBuilder resuming;
    resuming.extension(1).extension(2).extension(41, hex("0102"));
    CHECK(types(edited(resuming.body(), {.reversed = true})) == Numbers{2, 1, 41});
}

TEST_CASE("ALPN says something else, in its place; or nothing; or for the first time") {
    auto const other = edited(usual(), {.alpn = {{"foo", "bar"}}});
    CHECK(protocols(other) == std::vector<std::string>{"foo", "bar"});
    CHECK(types(other) == Numbers{0, 10, 16, 43});
    CHECK(types(edited(usual(), {.alpn = std::vector<std::string>{}})) == Numbers{0, 10, 43});

    ClientHelloBuilder without;
    without.extension(1).extension(41, hex("0102"));
    auto const first = edited(without.body(), {.alpn = {{"foo"}}});
    CHECK(types(first) == Numbers{1, 16, 41});
    CHECK(protocols(first) == std::vector<std::string>{"foo"});
}

TEST_CASE("a hello without extensions, and one that loses its last, have no list of them") {
    ClientHelloBuilder bare;
    CHECK(edited(bare.body(), {.reversed = true}) == bare.body());
    ClientHelloBuilder one;
    one.extension(5);
    CHECK(edited(one.body(), {.without_extensions = {5}}) == bare.body());
}

TEST_CASE("what is no ClientHello, or would not fit, is not edited") {
    auto cut = usual();
    cut.pop_back();
    CHECK(refusal(cut, {.reversed = true}) == What::truncated);
    CHECK(refusal(usual(), {.alpn = {{""}}}) == What::too_long);
    CHECK(refusal(usual(), {.alpn = {{std::string(256, 'x')}}}) == What::too_long);
    ClientHelloBuilder full;
    full.extension(1, Buffer(0xffff - 8));
    CHECK(refusal(full.body(), {.alpn = {{"foo"}}}) == What::too_long);
    CHECK(refusal(usual(), {.alpn = std::vector<std::string>(300, std::string(255, 'x'))}) == What::too_long);
}

TEST_CASE("records hold the message again, and the reader finds it, however it is cut") {
    auto const body = usual();
    auto const flight = client_hello_records(body, 0x0301);
    CHECK(flight.size() == 5 + 4 + body.size());
    for (std::size_t at = 0; at <= flight.size(); ++at) {
        ClientHelloReader reader;
        CHECK(reader.feed(Bytes(flight).first(at)) ==
              (at == flight.size() ? State::whole : State::incomplete));
        CHECK(reader.feed(Bytes(flight).subspan(at)) == State::whole);
        CHECK(std::ranges::equal(reader.body(), body));
        CHECK(reader.wire_size() == flight.size());
        CHECK(reader.legacy_record_version() == 0x0301);
    }
}

TEST_CASE("a hello of more than a record goes over several, and comes back") {
    ClientHelloBuilder large;
    large.extension(21, Buffer(40'000));
    auto const flight = client_hello_records(large.body(), 0x0303);
    ClientHelloReader reader;
    CHECK(reader.feed(flight) == State::whole);
    CHECK(std::ranges::equal(reader.body(), large.body()));
    CHECK(reader.wire_size() == flight.size());
    CHECK(flight.size() == 3 * 5 + 4 + large.body().size());
}

TEST_CASE("the reader stops at what is behind the hello, and at what is none") {
    auto flight = client_hello_records(usual(), 0x0301);
    auto const size = flight.size();
    for (auto const byte : hex("140303000101")) // early data is announced so
        flight.push_back(byte);
    ClientHelloReader reader;
    CHECK(reader.feed(flight) == State::whole);
    CHECK(reader.wire_size() == size);

    for (auto const* other : {"47", "15030300020228", "474554202f20485454502f312e31", "16030300040e000000"}) {
        ClientHelloReader no_hello;
        CHECK(no_hello.feed(hex(other)) == State::not_a_hello);
        CHECK(no_hello.feed(flight) == State::not_a_hello);
    }
    auto const message = Bytes(flight).subspan(5, size - 5);
    auto two = hex("160303");
    two.push_back(static_cast<std::uint8_t>(2 * message.size() >> 8));
    two.push_back(static_cast<std::uint8_t>(2 * message.size() & 0xff));
    for (int i = 0; i < 2; ++i)
        two.insert(two.end(), message.begin(), message.end());
    ClientHelloReader of_two;
    CHECK(of_two.feed(two) == State::not_a_hello);
}
