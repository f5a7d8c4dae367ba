#include "proxy/answer/injected_answer.hpp"

#include "proxy/answer/proxy_error.hpp"
#include "proxy/answer/rpc_answer.hpp"

#include <string>

namespace alert40::proxy {
namespace {

std::string on_purpose(std::string_view rule) {
    return "on purpose, by rule " + quoted(rule);
}

void mark(LocalResponse& response, std::string_view rule) {
    response.fields.emplace_back("proxy-status", "alert40; details=" + quoted(on_purpose(rule)));
    response.fields.emplace_back("cache-control", "no-store");
}

} // namespace

LocalResponse injected_status(std::uint16_t status, std::optional<std::chrono::seconds> retry_after,
                              std::string_view rule) {
    LocalResponse response;
    response.status = status;
    bool const has_content = status != 204 && status != 304; // RFC 9110 section 6.4.1
    if (has_content) {
        response.fields = {{"content-type", "text/plain; charset=utf-8"}};
        response.body = std::to_string(status) + ", " + on_purpose(rule) + '\n';
    }
    if (retry_after) response.fields.emplace_back("retry-after", std::to_string(retry_after->count()));
    mark(response, rule);
    return response;
}

LocalResponse injected_rpc(RequestHead const& request, std::uint32_t code, std::string_view rule) {
    auto const* const type = find(request.fields, FieldName::content_type);
    auto response =
        rpc_answer(language_of(request), type ? type->value : std::string_view{}, code, on_purpose(rule));
    mark(response, rule);
    return response;
}

} // namespace alert40::proxy
