#include "proxy/answer/error_response.hpp"

#include "proxy/answer/rpc_answer.hpp"

namespace alert40::proxy {

LocalResponse error_response(UpstreamError const& error, RequestHead const& request) {
    auto const problem = problem_of(error);
    auto const language = language_of(request);

    LocalResponse response;
    response.status = problem.error.status;
    if (language == ClientLanguage::problem) {
        response.fields = {{"content-type", "application/problem+json"}};
        response.body = problem_json(problem);
    } else if (language == ClientLanguage::page) {
        response.fields = {{"content-type", "text/html; charset=utf-8"},
                           {"content-security-policy", "default-src 'none'; style-src 'unsafe-inline'"}};
        response.body = error_page(problem);
    } else {
        auto const* const type = find(request.fields, FieldName::content_type);
        response = rpc_answer(language, type != nullptr ? type->value : std::string_view{}, problem);
    }
    response.fields.emplace_back("proxy-status", proxy_status(problem));
    response.fields.emplace_back("cache-control", "no-store");
    response.fields.emplace_back("x-content-type-options", "nosniff");
    return response;
}

} // namespace alert40::proxy
