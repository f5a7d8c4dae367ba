#include "proxy/answer/client_language.hpp"
#include "support/catch.hpp"

#include <ostream>

using namespace alert40::proxy;

namespace {

struct Row {
    std::string_view client;
    ClientLanguage language;
    std::string_view content_type, accept;
    std::string_view method = "POST", path = "/";
    bool connect_version = false;
};

constexpr Row rows[] = {
    {"curl", ClientLanguage::problem, "", "*/*"},
    {"no Accept", ClientLanguage::problem, "", ""},
    {"Chromium", ClientLanguage::page, "",
     "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"},
    {"fetch", ClientLanguage::problem, "application/json", "*/*"},
    {"JSON before HTML", ClientLanguage::problem, "", "text/html;q=0.5, application/json"},
    {"HTML before JSON", ClientLanguage::page, "", "application/json; q=0.1, TEXT/HTML"},
    {"HTML refused", ClientLanguage::problem, "", "text/html;q=0, */*"},
    {"Connect unary, protobuf", ClientLanguage::connect_unary, "application/proto", "*/*"},
    {"Connect unary, JSON", ClientLanguage::connect_unary, "application/json", "*/*", "POST", "/", true},
    {"Connect unary by GET", ClientLanguage::connect_unary, "", "*/*", "GET", "/x?encoding=json&connect=v1"},
    {"Connect stream", ClientLanguage::connect_stream, "application/connect+proto", "*/*", "POST", "/", true},
    {"Connect stream, JSON", ClientLanguage::connect_stream, "application/connect+json; charset=utf-8", ""},
    {"gRPC", ClientLanguage::grpc, "application/grpc", ""},
    {"gRPC, protobuf", ClientLanguage::grpc, "application/grpc+proto", ""},
    {"gRPC with a parameter", ClientLanguage::grpc, "Application/gRPC ; x=y", ""},
    {"gRPC-Web", ClientLanguage::grpc_web, "application/grpc-web+proto", "text/html"},
    {"gRPC-Web in base64", ClientLanguage::grpc_web_text, "application/grpc-web-text", ""},
    {"something that only begins like gRPC", ClientLanguage::problem, "application/grpcish", ""},
};

} // namespace

TEST_CASE("the language of each client") {
    auto const row = GENERATE(from_range(std::begin(rows), std::end(rows)));
    INFO(row.client);
    RequestHead request;
    request.method = row.method;
    request.path = row.path;
    if (!row.content_type.empty()) request.add("Content-Type", row.content_type);
    if (!row.accept.empty()) request.add("Accept", row.accept);
    if (row.connect_version) request.add("Connect-Protocol-Version", "1");
    CHECK(static_cast<int>(language_of(request)) == static_cast<int>(row.language));
}
