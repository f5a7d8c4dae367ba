#include "proxy/answer/rpc_answer.hpp"

#include "proxy/answer/rpc_encoding.hpp"
#include "record/printable.hpp"

#include <boost/json.hpp>

namespace alert40::proxy {

namespace json = boost::json;

namespace {

/// https://grpc.io/docs/guides/status-codes/, and Connect's name and HTTP status for it.
struct RpcCode {
    unsigned number;
    std::string_view name;
    std::uint16_t status;
};

constexpr RpcCode permission_denied{7, "permission_denied", 403};
constexpr RpcCode unavailable{14, "unavailable", 503};

/// End of stream, in the flags of an envelope.
constexpr std::uint8_t connect_end = 0x02;
constexpr std::uint8_t grpc_web_trailers = 0x80;

json::object connect_error(RpcCode const& code, std::string const& message) {
    return {{"code", code.name}, {"message", record::valid_utf8(message)}};
}

} // namespace

LocalResponse rpc_answer(ClientLanguage language, std::string_view content_type, Problem const& problem) {
    auto const code = problem.error.status == 403 ? permission_denied : unavailable;
    auto const message = one_line(problem);
    auto const grpc_status = std::to_string(code.number);
    auto const grpc_message = percent_encoded(message);

    LocalResponse response{
        .status = 200, .fields = {{"content-type", std::string{content_type}}}, .body = "", .trailers = {}};
    switch (language) {
    case ClientLanguage::connect_unary:
        response.status = code.status;
        response.fields = {{"content-type", "application/json"}};
        response.body = json::serialize(connect_error(code, message));
        break;
    case ClientLanguage::connect_stream:
        response.body =
            envelope(connect_end, json::serialize(json::object{{"error", connect_error(code, message)}}));
        break;
    case ClientLanguage::grpc: // Trailers-Only: one head that ends the stream
        response.fields.emplace_back("grpc-status", grpc_status);
        response.fields.emplace_back("grpc-message", grpc_message);
        break;
    case ClientLanguage::grpc_web:
    case ClientLanguage::grpc_web_text:
        response.body = envelope(grpc_web_trailers,
                                 "grpc-status:" + grpc_status + "\r\ngrpc-message:" + grpc_message + "\r\n");
        if (language == ClientLanguage::grpc_web_text) response.body = base64(response.body);
        break;
    case ClientLanguage::problem:
    case ClientLanguage::page: break; // not an RPC
    }
    return response;
}

} // namespace alert40::proxy
