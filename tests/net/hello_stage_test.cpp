#include "net/hello_stage.hpp"

#include "support/bytes.hpp"
#include "support/catch.hpp"
#include "support/client_hello_builder.hpp"
#include "tls/wire/client_hello.hpp"
#include "tls/wire/edit_client_hello.hpp"

using namespace alert40;
using namespace std::chrono_literals;
using net::HelloStage;
using tests::Buffer;
using tests::bytes_of;
using tls::SplitHello;

namespace {

Buffer flight() {
    tests::ClientHelloBuilder hello;
    hello.suites({0x1301}).server_name("example.com").alpn({"h2"}).versions({0x0304});
    return tls::wire::client_hello_records(hello.body(), 0x0301);
}

struct Left {
    std::vector<std::chrono::milliseconds> waits;
    std::vector<Buffer> parts;

    Buffer all() const {
        Buffer bytes;
        for (auto const& part : parts)
            bytes.insert(bytes.end(), part.begin(), part.end());
        return bytes;
    }
};

Left left(HelloStage& stage) {
    Left out;
    while (auto* const part = stage.next()) {
        out.waits.push_back(part->wait);
        out.parts.push_back(part->bytes);
        stage.took_next();
    }
    return out;
}

} // namespace

TEST_CASE("where nothing is wanted of the hello, nothing is held") {
    CHECK(HelloStage{{}}.over());
    CHECK(HelloStage{{.path = {{.after = 100}}}}.over());
    CHECK(!HelloStage{{.path = {{.after = 100, .behind_hello = true}}}}.over());
}

TEST_CASE("a hello is held until it is whole") {
    HelloStage stage{{.hello_delay = 1s}};
    auto const hello = flight();
    for (auto const byte : std::span(hello).first(hello.size() - 1))
        stage.feed({&byte, 1});
    CHECK(stage.next() == nullptr);
    CHECK(stage.size() == hello.size() - 1);
    stage.feed(std::span(hello).last(1));
    CHECK(left(stage).all() == hello);
    CHECK(stage.over());
    CHECK(std::ranges::equal(stage.hello(), hello));
}

TEST_CASE("what is no ClientHello passes") {
    HelloStage stage{{.edit = {.reversed = true}, .hello_delay = 1s}};
    auto const request = bytes_of("GET / HTTP/1.1\r\n\r\n");
    stage.feed(request);
    auto const out = left(stage);
    CHECK(out.all() == request);
    CHECK(out.waits == std::vector{0ms});
    CHECK(stage.hello().empty());
}

TEST_CASE("a client that ends within its hello has said what it has said") {
    HelloStage stage{{.hello_delay = 1s}};
    auto const hello = flight();
    stage.feed(std::span(hello).first(20));
    stage.end();
    CHECK(left(stage).all() == Buffer(hello.begin(), hello.begin() + 20));
    CHECK(stage.over());
}

TEST_CASE("the hello is late, its second part later, and what follows stays behind it") {
    HelloStage stage{{.split = {SplitHello::Mode::segment, 30}, .hello_delay = 2s, .split_pause = 3s}};
    auto const hello = flight();
    stage.feed(hello);
    stage.feed(bytes_of("early data"));
    auto const out = left(stage);
    CHECK(out.waits == std::vector<std::chrono::milliseconds>{2s, 3s});
    CHECK(out.parts[0].size() == 30);
    CHECK(out.all() == tests::joined({hello, bytes_of("early data")}));
}

TEST_CASE("records are cut between the parts") {
    HelloStage stage{{.split = {SplitHello::Mode::record, 64}}};
    auto const hello = flight();
    stage.feed(hello);
    auto const out = left(stage);
    REQUIRE(out.parts.size() == 2);
    CHECK(out.parts[0].size() == 5 + 64);
    CHECK(out.parts[1].front() == 22);
    CHECK(out.all().size() == hello.size() + 5);
    CHECK(stage.hello().size() == hello.size() + 5);
}

TEST_CASE("an edited hello leaves in the place of the other") {
    HelloStage stage{{.edit = {.without_extensions = {0}, .alpn = {{"foo"}}}}};
    stage.feed(flight());
    auto const all = left(stage).all();
    CHECK(std::ranges::equal(stage.hello(), all));
    tls::wire::ClientHelloReader reader;
    REQUIRE(reader.feed(all) == tls::wire::ClientHelloReader::State::whole);
    auto const hello = *tls::wire::parse_client_hello(reader.body());
    CHECK(!tls::wire::server_name(hello.extensions));
    CHECK(tls::wire::alpn(hello.extensions) == std::vector<std::string_view>{"foo"});
}
