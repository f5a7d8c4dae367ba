#include "proxy/answer/proxy_error.hpp"
#include "support/catch.hpp"
#include "support/sample_records.hpp"

using namespace alert40;
using namespace alert40::proxy;
using namespace alert40::tests;
using tls::FailureKind;
using tls::Phase;

namespace {

struct Row {
    tls::Failure failure;
    std::string_view type;
    unsigned status;
};

std::vector<Row> rows() {
    return {
        {broken(FailureKind::dns, Phase::resolve), "dns_error", 502},
        {broken(FailureKind::timeout, Phase::resolve), "dns_timeout", 504},
        {broken(FailureKind::timeout, Phase::connect), "connection_timeout", 504},
        {broken(FailureKind::timeout, Phase::client_hello), "connection_timeout", 504},
        {broken(FailureKind::timeout, Phase::after), "http_response_timeout", 504},
        {broken(FailureKind::refused, Phase::connect), "connection_refused", 502},
        {broken(FailureKind::unreachable, Phase::connect), "destination_ip_unroutable", 502},
        {broken(FailureKind::reset, Phase::client_hello), "connection_terminated", 502},
        {broken(FailureKind::eof, Phase::after), "connection_terminated", 502},
        {alert_received(40), "tls_alert_received", 502},
        {alert_received(116, Phase::after), "tls_alert_received", 502},
        {alert_sent(40, Phase::server_hello, ""), "tls_protocol_error", 502},
        {broken(FailureKind::alert, Phase::client_hello), "tls_protocol_error", 502},
        {*full_record().failure, "tls_certificate_error", 502},
        {broken(FailureKind::not_tls, Phase::client_hello), "tls_protocol_error", 502},
        {broken(FailureKind::library, Phase::client_hello), "tls_protocol_error", 502},
        {broken(FailureKind::alpn, Phase::finished), "tls_protocol_error", 502},
        {broken(FailureKind::malformed, Phase::server_hello), "tls_protocol_error", 502},
        {broken(FailureKind::malformed, Phase::after), "http_protocol_error", 502},
        {broken(FailureKind::h2, Phase::after), "http_protocol_error", 502},
    };
}

} // namespace

TEST_CASE("each failure has its registered error type and its status") {
    for (auto const& row : rows()) {
        INFO(row.type);
        auto const error = proxy_error(UpstreamError::Kind::failed, &row.failure);
        CHECK(error.type == row.type);
        CHECK(error.status == row.status);
        CHECK_FALSE(error.title.empty());
    }
}

TEST_CASE("what is not a failure of the network has one too") {
    using Kind = UpstreamError::Kind;
    auto const type = [](Kind kind) { return proxy_error(kind, nullptr).type; };
    CHECK(type(Kind::loop) == "proxy_loop_detected");
    CHECK(type(Kind::blocked) == "http_request_denied");
    CHECK(type(Kind::overloaded) == "connection_limit_reached");
    CHECK(type(Kind::needs_http2) == "http_upgrade_failed");
    CHECK(type(Kind::no_upgrade) == "http_upgrade_failed");
    CHECK(type(Kind::response_timeout) == "http_response_timeout");
    CHECK(type(Kind::malformed_response) == "http_protocol_error");
    CHECK(type(Kind::failed) == "connection_terminated");
}

TEST_CASE("a Proxy-Status value is a structured field") {
    CHECK(ProxyStatus{"tls_alert_received"}
              .integer("alert-id", 40)
              .string("details", "a \"b\" \\ \r\n\xc3\xbc")
              .text() == R"(alert40; error=tls_alert_received; alert-id=40; details="a \"b\" \\ ????")");
    CHECK(ProxyStatus{"dns_error"}.string("next-hop", "").text() == "alert40; error=dns_error");
}

TEST_CASE("an upstream proxy that is down is not the origin") {
    auto const title = [](Phase phase, bool through_proxy) {
        auto const failure = broken(FailureKind::refused, phase);
        return proxy_error(UpstreamError::Kind::failed, &failure, through_proxy).title;
    };
    CHECK(title(Phase::connect, true) == "The upstream proxy cannot be reached");
    CHECK(title(Phase::connect, false) == "The origin refused the connection");
}
