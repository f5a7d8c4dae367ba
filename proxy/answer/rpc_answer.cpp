#include "proxy/answer/rpc_answer.hpp"

#include "proxy/answer/rpc_encoding.hpp"
#include "record/printable.hpp"
#include "text/base64.hpp"

#include <boost/json.hpp>

#include <array>

namespace alert40::proxy {

namespace json = boost::json;

namespace {

/// What Connect calls a code, and the HTTP status that a unary call is answered with.
struct ConnectCode {
    std::string_view name;
    std::uint16_t status;
};

/// https://connectrpc.com/docs/protocol#error-codes, in the order of the numbers that gRPC has for them.
constexpr std::array<ConnectCode, 17> connect_codes{{
    {"", 200}, // no error
    {"canceled", 499},
    {"unknown", 500},
    {"invalid_argument", 400},
    {"deadline_exceeded", 504},
    {"not_found", 404},
    {"already_exists", 409},
    {"permission_denied", 403},
    {"resource_exhausted", 429},
    {"failed_precondition", 400},
    {"aborted", 409},
    {"out_of_range", 400},
    {"unimplemented", 501},
    {"internal", 500},
    {"unavailable", 503},
    {"data_loss", 500},
    {"unauthenticated", 401},
}};
constexpr std::uint32_t permission_denied = 7;
constexpr std::uint32_t unavailable = 14;

/// End of stream, in the flags of an envelope.
constexpr std::uint8_t connect_end = 0x02;
constexpr std::uint8_t grpc_web_trailers = 0x80;

json::object connect_error(ConnectCode const& code, std::string const& message) {
    return {{"code", code.name}, {"message", record::valid_utf8(message)}};
}

} // namespace

LocalResponse rpc_answer(ClientLanguage language, std::string_view content_type, Problem const& problem) {
    auto const code = problem.error.status == 403 ? permission_denied : unavailable;
    return rpc_answer(language, content_type, code, one_line(problem));
}

LocalResponse rpc_answer(ClientLanguage language, std::string_view content_type, std::uint32_t number,
                         std::string const& message) {
    auto const& code = connect_codes.at(number);
    auto const grpc_status = std::to_string(number);
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
        if (language == ClientLanguage::grpc_web_text) response.body = text::base64(response.body);
        break;
    case ClientLanguage::problem:
    case ClientLanguage::page: break; // not an RPC
    }
    return response;
}

} // namespace alert40::proxy
