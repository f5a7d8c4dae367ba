#include "proxy/answer/injected_answer.hpp"

#include "support/catch.hpp"

using namespace alert40::proxy;
using namespace std::literals;

namespace {

std::string field(LocalResponse const& response, std::string_view name) {
    for (auto const& [key, value] : response.fields)
        if (key == name) return value;
    return "";
}

LocalResponse call_in(std::string_view content_type, std::uint32_t code) {
    RequestHead request;
    request.method = "POST";
    request.path = "/";
    request.add("content-type", content_type);
    if (content_type == "application/json") request.add("connect-protocol-version", "1");
    return injected_rpc(request, code, "a \"rule\"");
}

} // namespace

TEST_CASE("a status says which rule made it") {
    auto const response = injected_status(503, 30s, "broken");
    CHECK(response.status == 503);
    CHECK(response.body == "503, on purpose, by rule \"broken\"\n");
    CHECK(field(response, "retry-after") == "30");
    CHECK(field(response, "proxy-status") == R"(alert40; details="on purpose, by rule \"broken\"")");
}

TEST_CASE("a status that has no content has none") {
    auto const response =
        injected_status(GENERATE(std::uint16_t{204}, std::uint16_t{304}), std::nullopt, "broken");
    CHECK(response.body.empty());
    CHECK(field(response, "content-type").empty());
    CHECK(field(response, "retry-after").empty());
}

TEST_CASE("a code in the language of the call") {
    auto const grpc = call_in("application/grpc+proto", 8);
    CHECK(grpc.status == 200);
    CHECK(field(grpc, "content-type") == "application/grpc+proto");
    CHECK(field(grpc, "grpc-status") == "8");
    CHECK(field(grpc, "grpc-message").starts_with("on purpose, by rule "));
    CHECK(grpc.body.empty());

    auto const unary = call_in("application/json", 16);
    CHECK(unary.status == 401);
    CHECK(unary.body.find(R"("code":"unauthenticated")") != std::string::npos);

    auto const stream = call_in("application/connect+json", 1);
    CHECK(stream.status == 200);
    CHECK(stream.body.find(R"("code":"canceled")") != std::string::npos);

    auto const web = call_in("application/grpc-web", 4);
    CHECK(web.body.find("grpc-status:4\r\n") != std::string::npos);
}
