#include "scene.hpp"

#include "support/breaker.hpp"
#include "support/catch.hpp"

using namespace alert40;
using namespace alert40::test;
using Kind = proxy::Breach::Kind;

namespace {

/// A response on a connection that would stay, within its body.
struct Answered {
    Scene scene;
    Breaker* breaker = nullptr;
    proxy::Exchange* exchange = nullptr;

    explicit Answered(std::string_view framing) {
        scene.on_dispatch = [this](proxy::Exchange& its) {
            exchange = &its;
            breaker = &Breaker::before(its);
        };
        scene.app_says("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        proxy::ResponseHead head;
        head.body = framing == "length" ? proxy::BodyLength::known(100) : proxy::BodyLength::unknown();
        exchange->response(head, false);
        exchange->response_body({reinterpret_cast<std::uint8_t const*>("four"), 4});
        scene.settle();
    }
};

} // namespace

TEST_CASE("a response is broken off by FIN within its body") {
    auto const kind = GENERATE(Kind::cut_short, Kind::close, Kind::rst_stream, Kind::goaway);
    auto const framing = GENERATE("length", "chunked");
    Answered answered(framing);
    answered.breaker->break_now({kind});
    answered.scene.settle();
    auto const heard = answered.scene.app.hear();
    CHECK(heard.find("four") != std::string::npos);
    CHECK(heard.find("\r\n0\r\n") == std::string::npos);
    CHECK(answered.scene.app.ended);
    CHECK_FALSE(answered.scene.app.reset);
    answered.scene.app.close();
    answered.scene.settle();
    CHECK(answered.scene.app_closed);
}

TEST_CASE("a connection is reset under its response") {
    Answered answered("length");
    answered.breaker->break_now({Kind::reset});
    answered.scene.settle();
    CHECK(answered.scene.app_closed);
    CHECK(answered.scene.app.heard.find("four") != std::string::npos);
}

TEST_CASE("a request is broken off before its answer") {
    auto const kind = GENERATE(Kind::close, Kind::reset);
    Scene scene;
    proxy::Exchange* exchange = nullptr;
    scene.on_dispatch = [&](proxy::Exchange& its) { exchange = &its; };
    scene.app_says("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf");
    Breaker::before(*exchange).break_now({kind});
    scene.settle();
    CHECK(scene.app.hear().empty());
    CHECK((scene.app.ended || scene.app_closed));
}
