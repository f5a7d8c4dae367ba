#include "proxy/exchange/turn_round.hpp"

#include <optional>
#include <string>

namespace alert40::proxy {
namespace {

bool starts_with_token(std::string_view text, std::string_view token) {
    return text.size() >= token.size() && same_token(text.substr(0, token.size()), token);
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

/// The part of a URL behind scheme and authority, if those are the origin's; nothing otherwise.
std::optional<std::string_view> path_at_origin(std::string_view url, policy::Origin const& origin) {
    auto rest = url;
    if (starts_with_token(rest, origin.scheme + "://"))
        rest.remove_prefix(origin.scheme.size() + 3);
    else if (rest.starts_with("//"))
        rest.remove_prefix(2);
    else
        return std::nullopt;

    auto const end = rest.find_first_of("/?#");
    auto const authority = rest.substr(0, end);
    bool const literal = origin.host.find(':') != std::string::npos;
    auto const host = literal ? "[" + origin.host + "]" : origin.host;
    bool const default_port = origin.port == (origin.scheme == "https" ? 443 : 80);
    if (!same_token(authority, host + ":" + std::to_string(origin.port)) &&
        !(default_port && same_token(authority, host)))
        return std::nullopt;
    return end == std::string_view::npos ? std::string_view{} : rest.substr(end);
}

/// Whether a cookie's Domain covers the host: the host itself, or a parent of it.
bool covers(std::string_view domain, std::string_view host) {
    if (domain.starts_with('.')) domain.remove_prefix(1);
    if (domain.empty() || domain.size() > host.size()) return false;
    if (!same_token(host.substr(host.size() - domain.size()), domain)) return false;
    return domain.size() == host.size() || host[host.size() - domain.size() - 1] == '.';
}

/// Set-Cookie without the attributes that would keep the client from sending it back here (RFC 6265
/// section 5.2).
std::string_view cookie_for_client(std::string_view cookie, std::string_view host, bool client_uses_tls,
                                   Arena& arena) {
    std::string kept;
    for (auto rest = cookie;;) {
        auto const semicolon = rest.find(';');
        auto const part = rest.substr(0, semicolon);
        auto const attribute = trimmed(part);
        bool const first = rest.data() == cookie.data();
        bool const domain =
            starts_with_token(attribute, "domain=") && covers(trimmed(attribute.substr(7)), host);
        bool const secure = !client_uses_tls && same_token(attribute, "secure");
        if (first || (!domain && !secure)) {
            if (!first) kept += ';';
            kept += part;
        }
        if (semicolon == std::string_view::npos) break;
        rest.remove_prefix(semicolon + 1);
    }
    return arena.copy(kept);
}

} // namespace

void turn_round(ResponseHead& head, policy::Origin const& origin, std::string_view scheme,
                std::string_view authority) {
    for (auto& field : head.fields) {
        if (field.id == FieldName::location || field.id == FieldName::content_location) {
            auto const path = path_at_origin(field.value, origin);
            if (!path) continue;
            auto const base = head.arena.join(scheme, "://", authority);
            field.value = head.arena.join(base, *path);
        } else if (field.id == FieldName::set_cookie) {
            field.value = cookie_for_client(field.value, origin.host, scheme == "https", head.arena);
        }
    }
}

} // namespace alert40::proxy
