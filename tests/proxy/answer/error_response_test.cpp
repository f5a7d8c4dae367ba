#include "proxy/answer/error_response.hpp"
#include "support/catch.hpp"
#include "support/golden.hpp"
#include "support/sample_records.hpp"

#include <boost/json.hpp>

using namespace alert40;
using namespace alert40::proxy;
using namespace alert40::tests;
using Kind = UpstreamError::Kind;
using tls::FailureKind;
using tls::Phase;

namespace {

policy::Origin const origin{"https", "api.example.com", 443};

/// Alert 40 to everything.
std::vector<record::HandshakeRecord> ladder() {
    std::vector<record::HandshakeRecord> attempts;
    for (auto const* const profile : {"modern", "modern", "http1"}) {
        attempts.push_back(
            failed(sample_dial(profile, static_cast<unsigned>(attempts.size()) + 1), alert_received(40)));
        if (attempts.size() == 3) attempts.back().handshake.offered->alpn = {"http/1.1"};
    }
    return attempts;
}

struct Client {
    RequestHead head;

    Client(std::string_view content_type, std::string_view accept = "") {
        head.method = "POST";
        head.path = "/v1/secret-path?token=secret-query";
        head.authority = "user:secret-userinfo@api.example.com";
        head.add("Authorization", "Bearer secret-token");
        head.add("Cookie", "session=secret-cookie");
        if (!content_type.empty()) head.add("Content-Type", content_type);
        if (!accept.empty()) head.add("Accept", accept);
    }
};

std::string text(LocalResponse const& response) {
    std::string text = std::to_string(response.status) + '\n';
    for (auto const& [name, value] : response.fields)
        text += name + ": " + value + '\n';
    text += '\n';
    for (auto const c : response.body) {
        if (c == '\n' || (c >= 0x20 && c < 0x7f))
            text += c;
        else
            text += '<' + std::to_string(static_cast<unsigned char>(c)) + '>';
    }
    return text += '\n';
}

std::string answer(UpstreamError const& error, Client const& client) {
    return text(error_response(error, client.head));
}

UpstreamError failed_ladder(std::vector<record::HandshakeRecord> const& attempts) {
    return {
        .kind = Kind::failed, .origin = origin, .attempts = attempts, .failure = std::nullopt, .rule = ""};
}

} // namespace

TEST_CASE("alert 40 for good, to each client in its own language") {
    auto const attempts = ladder();
    auto const error = failed_ladder(attempts);
    check_golden("answer/problem.txt", answer(error, {"", "*/*"}));
    check_golden("answer/page.txt", answer(error, {"", "text/html,*/*;q=0.8"}));
    check_golden("answer/connect_unary.txt", answer(error, {"application/proto"}));
    check_golden("answer/connect_stream.txt", answer(error, {"application/connect+proto"}));
    check_golden("answer/grpc.txt", answer(error, {"application/grpc+proto"}));
    check_golden("answer/grpc_web.txt", answer(error, {"application/grpc-web+proto"}));
    check_golden("answer/grpc_web_text.txt", answer(error, {"application/grpc-web-text"}));
}

TEST_CASE("what was found out stands where the failure alone would make something likely") {
    auto const attempts = ladder();
    auto const diagnosis = full_diagnosis();
    auto error = failed_ladder(attempts);
    error.diagnosis = &diagnosis;
    std::string answers;
    for (auto const& client : {Client{"", "*/*"}, Client{"", "text/html"}, Client{"application/proto"},
                               Client{"application/grpc+proto"}})
        answers += answer(error, client) + '\n';
    check_golden("answer/diagnosed.txt", answers);
}

TEST_CASE("what was found out about another failure, or when it worked again, is not said") {
    auto const attempts = ladder();
    auto error = failed_ladder(attempts);
    auto const without = answer(error, {""});
    auto diagnosis = full_diagnosis();
    error.diagnosis = &diagnosis;
    diagnosis.failure = alert_received(70);
    CHECK(answer(error, {""}) == without);
    diagnosis = full_diagnosis();
    diagnosis.outcome = "noticed";
    CHECK(answer(error, {""}) == without);
}

TEST_CASE("every kind of failure, in one document each") {
    auto const with = [](Kind kind, std::vector<record::HandshakeRecord> const& attempts,
                         std::optional<tls::Failure> failure = {}, std::string rule = "") {
        UpstreamError const error{.kind = kind,
                                  .origin = origin,
                                  .attempts = attempts,
                                  .failure = std::move(failure),
                                  .rule = std::move(rule)};
        return answer(error, {""});
    };
    auto const dial = [](tls::Failure failure) {
        return std::vector{failed(sample_dial("modern", 1), std::move(failure))};
    };
    auto const good = std::vector{established(sample_dial("modern", 1), "h2")};
    auto const http1 = std::vector{established(sample_dial("http1", 3), "http/1.1")};

    check_golden("answer/dns.txt",
                 with(Kind::failed, dial(broken(FailureKind::dns, Phase::resolve, "no such host"))));
    check_golden("answer/refused.txt",
                 with(Kind::failed, dial(broken(FailureKind::refused, Phase::connect))));
    check_golden("answer/timeout.txt",
                 with(Kind::failed, dial(broken(FailureKind::timeout, Phase::client_hello))));
    check_golden("answer/verify.txt",
                 with(Kind::failed, dial(broken(FailureKind::verify, Phase::certificate,
                                                "unable to get local issuer certificate"))));
    check_golden("answer/sent.txt",
                 with(Kind::failed, dial(alert_sent(40, Phase::server_hello, "dh key too small"))));
    check_golden(
        "answer/h2.txt",
        with(Kind::failed, good, broken(FailureKind::h2, Phase::after, "GOAWAY HTTP_1_1_REQUIRED (0xd)")));
    check_golden("answer/cut.txt", with(Kind::failed, good, broken(FailureKind::eof, Phase::after)));
    check_golden("answer/loop.txt", with(Kind::loop, {}));
    check_golden("answer/needs_http2.txt", with(Kind::needs_http2, http1));
    check_golden("answer/no_upgrade.txt", with(Kind::no_upgrade, good));
    check_golden("answer/blocked.txt", with(Kind::blocked, {}, std::nullopt, "no-ads"));
    check_golden("answer/overloaded.txt", with(Kind::overloaded, {}));
    check_golden("answer/response_timeout.txt", with(Kind::response_timeout, good));
    check_golden("answer/malformed_response.txt",
                 with(Kind::malformed_response, good,
                      broken(FailureKind::malformed, Phase::after, "bare LF in the head")));
    check_golden("answer/nothing_known.txt", with(Kind::failed, {}));
}

TEST_CASE("a call that needs HTTP/2 fails fast, in words that its library can read") {
    auto const http1 = std::vector{established(sample_dial("http1", 3), "http/1.1")};
    UpstreamError const error{
        .kind = Kind::needs_http2, .origin = origin, .attempts = http1, .failure = std::nullopt, .rule = ""};
    check_golden("answer/needs_http2_grpc.txt", answer(error, {"application/grpc"}));
    check_golden("answer/needs_http2_connect.txt", answer(error, {"application/connect+proto"}));
}

TEST_CASE("a rule that blocks is a permission, not an outage") {
    UpstreamError const error{
        .kind = Kind::blocked, .origin = origin, .attempts = {}, .failure = std::nullopt, .rule = "no-ads"};
    CHECK(error_response(error, Client{"application/proto"}.head).status == 403);
    auto const grpc = error_response(error, Client{"application/grpc"}.head);
    CHECK(grpc.status == 200);
    CHECK(grpc.fields[1] == std::pair<std::string, std::string>{"grpc-status", "7"});
}

TEST_CASE("the problem document is JSON") {
    auto const attempts = ladder();
    auto const response = error_response(failed_ladder(attempts), Client{""}.head);
    auto const document = boost::json::parse(response.body);
    CHECK(document.at("status") == response.status);
    CHECK(document.at("alert").at("id") == 40);
    CHECK(document.at("attempts").as_array().size() == 3);
    CHECK(document.at("attempts").at(2).at("alert").at("name") == "handshake_failure");
}

TEST_CASE("nothing of the request and nothing dangerous of the network comes out") {
    auto attempts = ladder();
    attempts[0].failure =
        broken(FailureKind::not_tls, Phase::client_hello, "<script>alert(40)</script>\r\nX: y\x1b[2J\xff");
    attempts[0].profile = "\"><img src=x>";
    attempts[0].handshake.offered->alpn = {"\xff\xfe"};
    for (auto const* const type : {"", "application/proto", "application/connect+proto", "application/grpc",
                                   "application/grpc-web+proto"}) {
        for (auto const* const accept : {"*/*", "text/html"}) {
            auto const response = error_response(failed_ladder(attempts), Client{type, accept}.head);
            auto const all = text(response);
            INFO(all);
            CHECK(all.find("secret") == std::string::npos);
            for (auto const& [name, value] : response.fields)
                CHECK(std::all_of(value.begin(), value.end(), [](char c) { return c >= 0x20 && c < 0x7f; }));
            if (response.fields[0].second.starts_with("text/html")) {
                CHECK(response.body.find("<script") == std::string::npos);
                CHECK(response.body.find("<img") == std::string::npos);
            }
            if (response.fields[0].second.ends_with("json")) CHECK_NOTHROW(boost::json::parse(response.body));
        }
    }
}

TEST_CASE("what fails on purpose is said to, in every language") {
    auto attempts = ladder();
    attempts.front().injected_by = "broken client";
    auto const error = failed_ladder(attempts);
    for (auto const* const type : {"", "application/proto", "application/grpc+proto"})
        CHECK_THAT(answer(error, {type}), Catch::Matchers::Contains("on purpose, by rule"));
    CHECK_THAT(answer(error, {""}), Catch::Matchers::Contains("\"injected_by\": \"broken client\""));
    auto cut = error;
    cut.attempts = {};
    cut.failure = tls::Failure{tls::By::injected, Phase::after, FailureKind::reset, std::nullopt, ""};
    cut.rule = "cutter";
    CHECK_THAT(answer(cut, {""}), Catch::Matchers::Contains("\"injected_by\": \"cutter\""));
}
