#include "proxy/fault/exchange_play.hpp"

#include "proxy/message/limits.hpp"
#include "record/memory_sink.hpp"
#include "support/catch.hpp"

#include <cstring>
#include <memory>
#include <string>
#include <variant>
#include <vector>

using namespace alert40;
using namespace alert40::proxy;
using namespace std::literals;
namespace fault = policy::fault;
using policy::FaultPoint;

namespace {

using Log = std::vector<std::string>;

struct Body {
    std::string text;
    std::vector<std::uint8_t> space;

    std::span<std::uint8_t> take(std::size_t at_least) {
        space.resize(at_least);
        return space;
    }

    void written(std::size_t n) {
        text.append(space.begin(), space.begin() + static_cast<std::ptrdiff_t>(n));
    }
};

struct App final : Requester {
    void informational(ResponseHead& head) override { log.push_back(std::to_string(head.status)); }

    void response(ResponseHead& head, bool end) override {
        log.push_back(std::to_string(head.status) + (end ? " end" : ""));
        for (auto const& field : head.fields)
            fields.emplace_back(field.name, field.value);
    }

    std::span<std::uint8_t> body_space(std::size_t at_least) override { return body.take(at_least); }

    void body_written(std::size_t n) override { body.written(n); }

    void end(Fields const& trailers) override {
        log.push_back(trailers.empty() ? "end" : "end " + std::string(trailers[0].value));
    }

    void abort(Abort) override { log.push_back("abort"); }

    bool congested() const override { return full; }

    void more_request_body() override {}

    void break_off(Breach const& breach) override {
        breaches.push_back(breach);
        log.push_back("broken off");
    }

    Log log;
    Body body;
    std::vector<std::pair<std::string, std::string>> fields;
    std::vector<Breach> breaches;
    bool full = false;
};

struct Origin final : Responder {
    void request(RequestHead&, bool) override { log.push_back("request"); }

    std::span<std::uint8_t> body_space(std::size_t at_least) override { return body.take(at_least); }

    void body_written(std::size_t n) override { body.written(n); }

    void end(Fields const&) override {}

    void cancel() override { log.push_back("cancel"); }

    bool congested() const override { return false; }

    void more_response_body() override { log.push_back("more"); }

    Log log;
    Body body;
};

ExchangeSuffering suffers(std::vector<policy::FaultAction> actions, FaultPoint at) {
    return suffering_of(Blow{at, std::move(actions), "broken"}, at);
}

/// One request of an app, and the origin's answer as the test makes it.
struct Scene final : Dispatcher, ExchangePlay::Host {
    explicit Scene(std::vector<policy::FaultAction> actions, FaultPoint at = FaultPoint::response) {
        auto& request = exchange->request();
        request.method = "POST";
        request.path = "/";
        exchange->start(true);
        ExchangePlan plan{{}, {}, "broken", {"https", "origin.test", 443}};
        (at == FaultPoint::request ? plan.request : plan.response) = suffers(std::move(actions), at);
        auto play = std::make_unique<ExchangePlay>(loop, *exchange, std::move(plan), sink,
                                                   static_cast<ExchangePlay::Host&>(*this));
        auto& begins = *play;
        exchange->interpose(std::move(play));
        begins.begin();
    }

    void dispatch(Exchange&) override {}

    void failed(Exchange&, tls::Failure const&, bool) override {}

    void withdraw(Exchange&) override {}

    void go_on(Exchange& its) override { its.assign(origin); }

    void respond(std::uint16_t status = 200, bool end = false) {
        ResponseHead head;
        head.status = status;
        head.add("x", "from the origin");
        exchange->response(head, end);
    }

    void send(std::string_view text) {
        exchange->response_body({reinterpret_cast<std::uint8_t const*>(text.data()), text.size()});
    }

    template <class Condition>
    bool until(Condition condition) {
        for (int turns = 0; turns < 5000 && !condition(); ++turns)
            loop.turn(10ms);
        return condition();
    }

    /// Until something new is in the app's log.
    bool until_app_hears(std::string const& word) {
        return until([&] { return !app.log.empty() && app.log.back() == word; });
    }

    std::vector<record::ConnectionFailureRecord> records() const {
        std::vector<record::ConnectionFailureRecord> all;
        for (auto const& one : sink.recent())
            all.push_back(std::get<record::ConnectionFailureRecord>(one));
        return all;
    }

    void is_on_record(tls::FailureKind kind, std::string const& detail) const {
        REQUIRE(records().size() == 1);
        auto const record = records().front();
        CHECK(record.injected_by == "broken");
        CHECK(record.failure.by == tls::By::injected);
        CHECK(record.failure.kind == kind);
        CHECK(record.failure.detail == detail);
        CHECK(record.target.host == "origin.test");
    }

    net::EventLoop loop;
    record::MemorySink sink;
    Entrance entrance{"127.0.0.1:4050", std::nullopt, false};
    App app;
    Origin origin;
    std::unique_ptr<Exchange> exchange = std::make_unique<Exchange>(app, *this, entrance);
};

} // namespace

TEST_CASE("a status in the place of an answer: nothing goes to the origin, and it says who made it") {
    Scene scene({fault::Status{429, 7s}}, FaultPoint::request);
    REQUIRE(scene.until_app_hears("end"));
    CHECK(scene.app.log == Log{"429", "end"});
    CHECK(scene.app.body.text == "429, on purpose, by rule \"broken\"\n");
    auto const says = [&](std::string const& name) {
        for (auto const& [key, value] : scene.app.fields)
            if (key == name) return value;
        return std::string();
    };
    CHECK(says("retry-after") == "7");
    CHECK(says("proxy-status") == R"(alert40; details="on purpose, by rule \"broken\"")");
    CHECK(scene.origin.log.empty());
    scene.is_on_record(tls::FailureKind::http, "status 429 with Retry-After of 7s at request");
}

TEST_CASE("a status instead of the answer that the origin gave") {
    Scene scene({fault::Status{500}});
    scene.respond();
    scene.send("never seen");
    REQUIRE(scene.until_app_hears("end"));
    CHECK(scene.app.log == Log{"500", "end"});
    CHECK(scene.app.body.text.find("never") == std::string::npos);
    CHECK(scene.origin.log == Log{"request", "cancel"});
    scene.is_on_record(tls::FailureKind::http, "status 500 at response");
}

TEST_CASE("a request is broken off, each in its way") {
    struct Row {
        policy::FaultAction action;
        Breach breach;
        tls::FailureKind kind;
    };

    auto const row =
        GENERATE(Row{fault::RstStream{8}, {Breach::Kind::rst_stream, 8}, tls::FailureKind::h2},
                 Row{fault::Goaway{11, true}, {Breach::Kind::goaway, 11, true}, tls::FailureKind::h2},
                 Row{fault::Close{}, {Breach::Kind::close}, tls::FailureKind::eof},
                 Row{fault::Close{.close_notify = false},
                     {.kind = Breach::Kind::close, .close_notify = false},
                     tls::FailureKind::eof},
                 Row{fault::Reset{}, {Breach::Kind::reset}, tls::FailureKind::reset});
    auto const at = GENERATE(FaultPoint::request, FaultPoint::response);
    Scene scene({row.action}, at);
    if (at == FaultPoint::response) scene.respond();
    REQUIRE(scene.until_app_hears("broken off"));
    CHECK(scene.app.log == Log{"broken off"});
    CHECK(scene.app.breaches == std::vector{row.breach});
    scene.is_on_record(row.kind, policy::fault_text(row.action, at));
    scene.send("too late");
    CHECK(scene.app.body.text.empty());
}

TEST_CASE("a delay is no end") {
    SECTION("of the request") {
        Scene scene({fault::Delay{1ms}, fault::Delay{2ms}}, FaultPoint::request);
        CHECK(scene.origin.log.empty());
        REQUIRE(scene.until([&] { return !scene.origin.log.empty(); }));
        scene.respond(200, true);
        CHECK(scene.app.log == Log{"200 end"});
        scene.is_on_record(tls::FailureKind::timeout, "delay of 1ms at request, delay of 2ms at request");
    }
    SECTION("of the response") {
        Scene scene({fault::Delay{1ms}});
        scene.respond();
        scene.send("body");
        scene.exchange->response_end({});
        CHECK(scene.app.log.empty());
        REQUIRE(scene.until_app_hears("end"));
        CHECK(scene.app.log == Log{"200", "end"});
        CHECK(scene.app.body.text == "body");
        CHECK(scene.app.fields[0].second == "from the origin");
    }
}

TEST_CASE("a body is cut after so many bytes, and what comes behind is thrown away") {
    auto const first = GENERATE("12345678"s, "1234"s);
    Scene scene({fault::Truncate{{.bytes = 4}, fault::Truncate::By::rst_stream, 2}});
    scene.respond();
    REQUIRE(scene.until_app_hears("200"));
    scene.send(first);
    REQUIRE(scene.until_app_hears("broken off"));
    CHECK(scene.app.body.text == "1234");
    CHECK(scene.app.breaches == std::vector{Breach{Breach::Kind::rst_stream, 2}});
    scene.is_on_record(tls::FailureKind::http,
                       "truncate after 4 bytes by rst_stream 2 INTERNAL_ERROR at response");
    scene.app.full = true;
    CHECK_FALSE(scene.exchange->response_congested());
    scene.send("more");
    scene.exchange->response_end({});
    CHECK(scene.app.log == Log{"200", "broken off"});
    CHECK(scene.app.body.text == "1234");
}

TEST_CASE("a body that is shorter than where it would be cut is left alone") {
    Scene scene({fault::Truncate{{.bytes = 5}}});
    scene.respond();
    scene.send("1234");
    Fields const trailers{{"x", "last", FieldName::other}};
    scene.exchange->response_end(trailers);
    REQUIRE(scene.until_app_hears("end last"));
    CHECK(scene.app.body.text == "1234");
    CHECK(scene.records().empty());
}

TEST_CASE("a response without a body has none to be cut") {
    Scene scene({fault::Truncate{{.bytes = 0}}});
    scene.respond(204, true);
    REQUIRE(scene.until_app_hears("204 end"));
    CHECK(scene.records().empty());
}

TEST_CASE("a body, or a WebSocket, is cut so long after its head") {
    Scene scene({fault::Truncate{{.time = 1ms}, fault::Truncate::By::reset}});
    scene.respond();
    scene.send("all that came");
    REQUIRE(scene.until_app_hears("broken off"));
    CHECK(scene.app.body.text == "all that came");
    CHECK(scene.app.breaches == std::vector{Breach{Breach::Kind::reset}});
    scene.is_on_record(tls::FailureKind::http, "truncate after 1ms by reset at response");
}

TEST_CASE("a body that ends before its time to be cut ends well") {
    Scene scene({fault::Truncate{{.time = 1h}}});
    scene.respond();
    scene.send("all");
    scene.exchange->response_end({});
    REQUIRE(scene.until_app_hears("end"));
    CHECK(scene.records().empty());
}

TEST_CASE("a body that stalls never ends") {
    Scene scene({fault::Stall{{.bytes = 3}}});
    scene.respond();
    scene.send("123456");
    scene.exchange->response_end({});
    REQUIRE(scene.until([&] { return !scene.records().empty(); }));
    for (int i = 0; i < 10; ++i)
        scene.loop.turn(1ms);
    CHECK(scene.app.log == Log{"200"});
    CHECK(scene.app.body.text == "123");
    scene.is_on_record(tls::FailureKind::timeout, "stall after 3 bytes at response");
}

TEST_CASE("a throttled body comes whole, in pieces, and its origin waits") {
    std::string const large(3 * limits::low_water, 'x');
    Scene scene({fault::Throttle{1 << 20}, fault::Throttle{2 << 20}});
    scene.respond();
    REQUIRE(scene.until_app_hears("200"));
    scene.send(large);
    CHECK(scene.app.body.text.size() < large.size());
    CHECK(scene.exchange->response_congested());
    CHECK(scene.until([&] { return scene.origin.log.back() == "more"; }));
    CHECK(scene.app.body.text.size() < large.size());
    scene.exchange->response_end({});
    REQUIRE(scene.until_app_hears("end"));
    CHECK(scene.app.body.text == large);
    CHECK(scene.origin.log == Log{"request", "more"});
    scene.is_on_record(tls::FailureKind::timeout,
                       "throttle to 1048576 bytes a second at response, throttle to "
                       "2097152 bytes a second at response");
}

TEST_CASE("an app that takes nothing is not sent more than it takes") {
    Scene scene({fault::Throttle{1 << 30}});
    scene.respond();
    REQUIRE(scene.until_app_hears("200"));
    scene.app.full = true;
    scene.send("waits");
    scene.exchange->response_end({});
    for (int i = 0; i < 20; ++i)
        scene.loop.turn(10ms);
    CHECK(scene.app.body.text.empty());
    scene.app.full = false;
    REQUIRE(scene.until_app_hears("end"));
    CHECK(scene.app.body.text == "waits");
}

TEST_CASE("an app that has gone hears nothing of what was to come") {
    auto const at = GENERATE(FaultPoint::request, FaultPoint::response);
    Scene scene({fault::Delay{1ms}, fault::Close{}}, at);
    if (at == FaultPoint::response) scene.respond();
    scene.exchange->requester_gone();
    for (int i = 0; i < 10; ++i)
        scene.loop.turn(1ms);
    CHECK(scene.app.log.empty());
    CHECK(scene.records().empty());
}

TEST_CASE("an origin that fails in the middle of what is made to fail fails") {
    Scene scene({fault::Throttle{1}});
    scene.respond();
    REQUIRE(scene.until_app_hears("200"));
    scene.send("waits");
    scene.exchange->responder_failed(
        {tls::By::upstream, tls::Phase::after, tls::FailureKind::reset, std::nullopt, ""}, false);
    CHECK(scene.app.log == Log{"200", "abort"});
}
