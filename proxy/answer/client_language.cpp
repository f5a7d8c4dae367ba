#include "proxy/answer/client_language.hpp"

#include <algorithm>
#include <charconv>

namespace alert40::proxy {

namespace {

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 'a' - 'A') : c;
}

/// The media type without its parameters.
std::string_view essence(std::string_view type) {
    type = type.substr(0, type.find(';'));
    while (!type.empty() && (type.back() == ' ' || type.back() == '\t'))
        type.remove_suffix(1);
    return type;
}

bool starts_with(std::string_view text, std::string_view prefix) {
    return text.size() >= prefix.size() && same_token(text.substr(0, prefix.size()), prefix);
}

/// `type` itself, or with "+proto" and the like after it.
bool is_kind_of(std::string_view text, std::string_view type) {
    return starts_with(text, type) && (text.size() == type.size() || text[type.size()] == '+');
}

bool speaks_connect(RequestHead const& request) {
    auto const& fields = request.fields;
    if (std::ranges::any_of(
            fields, [](auto const& field) { return same_token(field.name, "connect-protocol-version"); }))
        return true;
    // A unary call by GET carries it in the query.
    return request.method == "GET" && request.path.find("connect=v1") != std::string_view::npos;
}

/// The weight of one Accept element (RFC 9110 section 12.4.2), in thousandths.
int weight(std::string_view element) {
    auto const at = element.find(";");
    for (auto rest = at == std::string_view::npos ? std::string_view{} : element.substr(at + 1);
         !rest.empty();) {
        auto const end = rest.find(';');
        auto parameter = rest.substr(0, end);
        while (!parameter.empty() && parameter.front() == ' ')
            parameter.remove_prefix(1);
        if (parameter.size() > 2 && lower(parameter[0]) == 'q' && parameter[1] == '=') {
            double value = 1;
            std::from_chars(parameter.data() + 2, parameter.data() + parameter.size(), value);
            return static_cast<int>(std::clamp(value, 0.0, 1.0) * 1000);
        }
        rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    }
    return 1000;
}

/// Browsers name text/html; what sends */* only is a program.
bool prefers_html(Fields const& fields) {
    int html = 0, json = 0;
    for (auto const& field : fields) {
        if (field.id != FieldName::accept) continue;
        for_each_token(field.value, [&](std::string_view element) {
            auto const type = essence(element);
            if (same_token(type, "text/html")) html = std::max(html, weight(element));
            if (same_token(type, "application/json") || same_token(type, "application/problem+json"))
                json = std::max(json, weight(element));
        });
    }
    return html > 0 && html >= json;
}

} // namespace

ClientLanguage language_of(RequestHead const& request) {
    auto const* const field = find(request.fields, FieldName::content_type);
    auto const type = field != nullptr ? essence(field->value) : std::string_view{};
    if (is_kind_of(type, "application/grpc")) return ClientLanguage::grpc;
    if (is_kind_of(type, "application/grpc-web-text")) return ClientLanguage::grpc_web_text;
    if (is_kind_of(type, "application/grpc-web")) return ClientLanguage::grpc_web;
    if (starts_with(type, "application/connect+")) return ClientLanguage::connect_stream;
    if (same_token(type, "application/proto") || speaks_connect(request))
        return ClientLanguage::connect_unary;
    return prefers_html(request.fields) ? ClientLanguage::page : ClientLanguage::problem;
}

} // namespace alert40::proxy
