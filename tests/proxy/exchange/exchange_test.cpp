#include "proxy/exchange/exchange.hpp"
#include "proxy/exchange/trouble.hpp"
#include "proxy/message/limits.hpp"
#include "support/catch.hpp"

#include <cstring>
#include <string>
#include <vector>

using namespace alert40;
using namespace alert40::proxy;

namespace {

std::span<std::uint8_t const> bytes_of(std::string_view text) {
    return {reinterpret_cast<std::uint8_t const*>(text.data()), text.size()};
}

/// Writes down what it is told, and collects the body in one buffer.
struct Collector {
    std::vector<std::string> log;
    std::string body;
    std::vector<std::uint8_t> space = std::vector<std::uint8_t>(1 << 20);
    bool full = false;

    std::span<std::uint8_t> take(std::size_t at_least) {
        if (space.size() < at_least) space.resize(at_least);
        return space;
    }

    void written(std::size_t n) { body.append(reinterpret_cast<char const*>(space.data()), n); }
};

struct FakeRequester final : Requester, Collector {
    void informational(ResponseHead& head) override { log.push_back(std::to_string(head.status)); }

    void response(ResponseHead& head, bool end) override {
        log.push_back(std::to_string(head.status) + (end ? " end" : ""));
        if (auto const* const via = find(head.fields, FieldName::via))
            log.push_back("via " + std::string{via->value});
    }

    std::span<std::uint8_t> body_space(std::size_t at_least) override { return take(at_least); }

    void body_written(std::size_t n) override { written(n); }

    void end(Fields const& trailers) override { log.push_back("end +" + std::to_string(trailers.size())); }

    void abort(Abort) override { log.push_back("abort"); }

    bool congested() const override { return full; }

    void more_request_body() override { log.push_back("more"); }
};

struct FakeResponder final : Responder, Collector {
    void request(RequestHead& head, bool end) override {
        log.push_back(std::string{head.method} + " " + std::string{head.authority} + std::string{head.path} +
                      (end ? " end" : ""));
    }

    std::span<std::uint8_t> body_space(std::size_t at_least) override { return take(at_least); }

    void body_written(std::size_t n) override { written(n); }

    void end(Fields const& trailers) override { log.push_back("end +" + std::to_string(trailers.size())); }

    void cancel() override { log.push_back("cancel"); }

    bool congested() const override { return full; }

    void more_response_body() override { log.push_back("more"); }
};

struct FakeDispatcher final : Dispatcher {
    std::vector<std::string> log;

    void dispatch(Exchange&) override { log.push_back("dispatch"); }

    void failed(Exchange& exchange, tls::Failure const&, bool unprocessed) override {
        log.push_back(std::string{"failed"} + (unprocessed ? " unprocessed" : "") +
                      (exchange.replayable() ? " replayable" : ""));
    }

    void withdraw(Exchange&) override { log.push_back("withdraw"); }

    void spoiled(Exchange& exchange, tls::Failure const& failure, bool) override {
        log.push_back("spoiled: " + failure.detail + ", " + came(exchange));
    }

    void abandoned(Exchange& exchange) override { log.push_back("abandoned, " + came(exchange)); }

    static std::string came(Exchange const& exchange) {
        auto const& so_far = exchange.so_far();
        return std::to_string(so_far.status) + " +" + std::to_string(so_far.body_bytes);
    }
};

struct Scene {
    FakeRequester requester;
    FakeDispatcher dispatcher;
    Entrance entrance{"127.0.0.1:4050", std::nullopt, false};
    FakeResponder responder;
    std::unique_ptr<Exchange> exchange = std::make_unique<Exchange>(requester, dispatcher, entrance);

    void request(std::string_view method, bool end) {
        auto& head = exchange->request();
        head.method = method;
        head.authority = "client";
        head.path = "/x";
        exchange->start(end);
        exchange->route_to({"https", "origin.test", 8443}, false);
    }

    void respond(std::uint16_t status, bool end) {
        ResponseHead head;
        head.status = status;
        exchange->response(head, end);
    }
};

using Log = std::vector<std::string>;

tls::Failure reset() {
    return {tls::By::upstream, tls::Phase::after, tls::FailureKind::reset, std::nullopt, "reset"};
}

} // namespace

TEST_CASE("a request without a body and its response") {
    Scene scene;
    scene.request("GET", true);
    CHECK(scene.dispatcher.log == Log{"dispatch"});
    scene.exchange->assign(scene.responder);
    CHECK(scene.responder.log == Log{"GET origin.test:8443/x end"});
    scene.respond(200, false);
    scene.exchange->response_body(bytes_of("hello"));
    scene.exchange->response_end({});
    CHECK(scene.requester.log == Log{"200", "via 1.1 alert40", "end +0"});
    CHECK(scene.requester.body == "hello");
    scene.exchange.reset();
    CHECK(scene.responder.log.size() == 1); // not cancelled: it had finished
}

TEST_CASE("a body that comes before there is a responder is sent when there is one") {
    Scene scene;
    scene.request("POST", false);
    scene.exchange->request_body(bytes_of("first "));
    scene.exchange->assign(scene.responder);
    scene.exchange->request_body(bytes_of("second"));
    scene.exchange->request_end({});
    CHECK(scene.responder.log == Log{"POST origin.test:8443/x", "end +0"});
    CHECK(scene.responder.body == "first second");
    CHECK(scene.requester.log == Log{"more"});
}

TEST_CASE("a request is sent again with its body and trailers while nothing was answered") {
    FakeResponder second; // outlives the exchange
    Scene scene;
    scene.request("POST", false);
    scene.exchange->assign(scene.responder);
    scene.exchange->request_body(bytes_of("body"));
    scene.exchange->request_end({{"x-sum", "1", FieldName::other, false}});
    scene.exchange->responder_failed(reset(), true);
    CHECK(scene.dispatcher.log == Log{"dispatch", "failed unprocessed replayable"});
    scene.exchange->assign(second);
    CHECK(second.log == Log{"POST origin.test:8443/x", "end +1"});
    CHECK(second.body == "body");
    CHECK(scene.exchange->times_sent() == 2);
}

TEST_CASE("a body beyond the replay limit is not kept, and the request not replayable") {
    Scene scene;
    scene.request("POST", false);
    scene.exchange->assign(scene.responder);
    scene.exchange->request_body(bytes_of(std::string(limits::replay_body, 'x')));
    CHECK(scene.exchange->replayable());
    scene.exchange->request_body(bytes_of("y"));
    CHECK_FALSE(scene.exchange->replayable());
    CHECK(scene.responder.body.size() == limits::replay_body + 1);
}

TEST_CASE("a requester that waits for a responder is stopped at the replay limit") {
    Scene scene;
    scene.request("POST", false);
    scene.exchange->request_body(bytes_of(std::string(limits::replay_body - 1, 'x')));
    CHECK_FALSE(scene.exchange->request_congested());
    scene.exchange->request_body(bytes_of("y"));
    CHECK(scene.exchange->request_congested());
    scene.exchange->assign(scene.responder);
    CHECK_FALSE(scene.exchange->request_congested());
    CHECK(scene.requester.log == Log{"more"});
}

TEST_CASE("a failure in the middle of a response aborts it") {
    Scene scene;
    scene.request("GET", true);
    scene.exchange->assign(scene.responder);
    scene.respond(200, false);
    scene.exchange->response_body(bytes_of("half"));
    scene.exchange->responder_failed(reset(), false);
    CHECK(scene.requester.log == Log{"200", "via 1.1 alert40", "abort"});
    CHECK(scene.dispatcher.log == Log{"dispatch", "spoiled: reset, 200 +4"});
}

TEST_CASE("an answer that tells of trouble passes, and the dispatcher hears of it") {
    Scene scene;
    scene.request("GET", true);
    scene.exchange->assign(scene.responder);
    SECTION("a status") {
        scene.respond(503, true);
        CHECK(scene.dispatcher.log == Log{"dispatch", "spoiled: HTTP 503, 503 +0"});
        CHECK(scene.requester.log.front() == "503 end");
    }
    SECTION("a status that is about the request") {
        scene.respond(404, true);
        CHECK(scene.dispatcher.log == Log{"dispatch"});
    }
    SECTION("a status of gRPC in trailers") {
        scene.respond(200, false);
        scene.exchange->response_end({{"grpc-status", "14"}});
        CHECK(scene.dispatcher.log == Log{"dispatch", "spoiled: gRPC status 14, 200 +0"});
        CHECK(scene.exchange->so_far().grpc_status == 14);
    }
    SECTION("in a head that is all") {
        ResponseHead head;
        head.add("content-type", "application/grpc");
        head.add("grpc-status", "8");
        scene.exchange->response(head, true);
        CHECK(scene.dispatcher.log == Log{"dispatch", "spoiled: gRPC status 8, 200 +0"});
    }
    SECTION("a call of gRPC that ends without a status") {
        for (auto const* const type : {"application/grpc+proto", "application/grpc-web+proto", "text/html"}) {
            Scene each;
            each.request("POST", true);
            each.exchange->assign(each.responder);
            ResponseHead head;
            head.add("content-type", type);
            head.body.kind = BodyLength::Kind::unknown;
            each.exchange->response(head, false);
            each.exchange->response_end({});
            CHECK(each.dispatcher.log.size() == (std::string_view(type) == "application/grpc+proto" ? 2 : 1));
        }
    }
    SECTION("or none") {
        scene.respond(200, false);
        for (auto const* const fine : {"0", "5", "14x", "-1", ""})
            CHECK_FALSE(grpc_trouble({{"grpc-status", fine}}));
        scene.exchange->response_end({{"grpc-status", "0"}});
        CHECK(scene.dispatcher.log == Log{"dispatch"});
    }
}

TEST_CASE("the dispatcher hears of a requester that leaves an answer behind, and not of our own end") {
    Scene scene;
    scene.request("GET", true);
    scene.exchange->assign(scene.responder);
    scene.respond(200, false);
    scene.exchange->response_body(bytes_of("half"));
    SECTION("it went away") {
        scene.exchange->requester_gone();
        CHECK(scene.dispatcher.log == Log{"dispatch", "abandoned, 200 +4"});
    }
    SECTION("it had all") {
        scene.exchange->response_end({});
        scene.exchange->requester_gone();
        CHECK(scene.dispatcher.log == Log{"dispatch"});
    }
    SECTION("it is we who stop") {
        scene.exchange.reset();
        CHECK(scene.dispatcher.log == Log{"dispatch"});
    }
}

TEST_CASE("a requester that goes away cancels the responder, or the wait for one") {
    Scene scene;
    scene.request("GET", true);
    SECTION("while waiting") {
        scene.exchange->set_queue(&scene, true);
        scene.exchange->requester_gone();
        CHECK(scene.dispatcher.log == Log{"dispatch", "withdraw"});
    }
    SECTION("after it was assigned") {
        scene.exchange->assign(scene.responder);
        scene.exchange->requester_gone();
        CHECK(scene.responder.log.back() == "cancel");
        scene.exchange.reset();
        CHECK(scene.responder.log.size() == 2);
    }
    CHECK(scene.requester.log.empty());
}

TEST_CASE("an answer made here") {
    Scene scene;
    LocalResponse const local{502, {{"content-type", "text/plain"}}, "no", {}};
    SECTION("has head and body") {
        scene.request("GET", true);
        scene.exchange->answer(local);
        CHECK(scene.requester.log == Log{"502", "end +0"});
        CHECK(scene.requester.body == "no");
    }
    SECTION("has no body for HEAD") {
        scene.request("HEAD", true);
        scene.exchange->answer(local);
        CHECK(scene.requester.log == Log{"502 end"});
    }
    SECTION("lets what still comes of the request fall") {
        scene.request("POST", false);
        scene.exchange->answer(local);
        scene.exchange->request_body(bytes_of(std::string(100'000, 'x')));
        CHECK_FALSE(scene.exchange->request_congested());
        scene.exchange->request_end({});
        CHECK(scene.requester.log == Log{"502", "end +0"});
    }
    SECTION("aborts a response that has begun") {
        scene.request("GET", true);
        scene.exchange->assign(scene.responder);
        scene.respond(200, false);
        scene.exchange->answer(local);
        CHECK(scene.requester.log.back() == "abort");
    }
}

TEST_CASE("pressure passes through in both directions") {
    Scene scene;
    scene.request("POST", false);
    scene.exchange->assign(scene.responder);
    scene.responder.full = true;
    CHECK(scene.exchange->request_congested());
    scene.requester.log.clear();
    scene.exchange->responder_drained();
    CHECK(scene.requester.log == Log{"more"});
    scene.requester.full = true;
    CHECK(scene.exchange->response_congested());
    scene.exchange->requester_drained();
    CHECK(scene.responder.log.back() == "more");
}

TEST_CASE("a response that is overdue is given up, and the dispatcher decides what the client hears") {
    Scene scene;
    scene.request("GET", true);
    scene.exchange->assign(scene.responder);
    scene.exchange->response_overdue(reset());
    CHECK(scene.responder.log == std::vector<std::string>{"GET origin.test:8443/x end", "cancel"});
    CHECK(scene.dispatcher.log == std::vector<std::string>{"dispatch", "failed replayable"});
    scene.exchange.reset();
    CHECK(scene.responder.log.back() == "cancel");
}

namespace {

/// Lets nothing pass but what the test wants.
struct Wall final : Intermediary {
    void informational(ResponseHead&) override {}

    void response(ResponseHead& head, bool end) override {
        if (open) asker().response(head, end);
    }

    std::span<std::uint8_t> body_space(std::size_t at_least) override {
        space.resize(at_least);
        return open ? asker().body_space(at_least) : std::span<std::uint8_t>(space);
    }

    void body_written(std::size_t n) override {
        if (open) asker().body_written(n);
    }

    void end(Fields const& trailers) override {
        if (open) asker().end(trailers);
    }

    void abort(Abort reason) override { asker().abort(reason); }

    bool congested() const override { return asker().congested(); }

    void more_request_body() override { asker().more_request_body(); }

    bool open = false;
    std::vector<std::uint8_t> space;
};

} // namespace

TEST_CASE("an intermediary keeps a response back, and another answer takes its place") {
    Scene scene;
    scene.request("POST", false);
    auto made = std::make_unique<Wall>();
    auto& wall = *made;
    scene.exchange->interpose(std::move(made));
    scene.exchange->assign(scene.responder);
    scene.exchange->request_body(bytes_of("up"));
    scene.respond(200, false);
    scene.exchange->response_body(bytes_of("kept back"));
    CHECK(scene.requester.log == Log{"more"}); // of its own body
    wall.open = true;
    scene.exchange->answer_instead({.status = 503, .fields = {}, .body = "instead", .trailers = {}});
    CHECK(scene.responder.log.back() == "cancel");
    CHECK(scene.requester.log == Log{"more", "503", "end +0"});
    CHECK(scene.requester.body == "instead");
    CHECK(scene.exchange->wanted());
    scene.exchange->requester_gone();
    CHECK_FALSE(scene.exchange->wanted());
}
