#include "proxy/http1/request_target.hpp"

#include "proxy/message/syntax.hpp"

namespace alert40::proxy::http1 {
namespace {

bool parse_absolute_form(std::string_view target, RequestHead& head) {
    for (std::string_view const scheme : {"http", "https"}) {
        auto const prefix = target.substr(0, scheme.size());
        auto const rest = target.substr(prefix.size());
        if (!same_token(prefix, scheme) || !rest.starts_with("://")) continue;

        auto const authority_and_path = rest.substr(3);
        auto const end = authority_and_path.find_first_of("/?#");
        head.absolute_form = true;
        head.scheme = scheme;
        head.authority = authority_and_path.substr(0, end);
        auto const path = end == std::string_view::npos ? std::string_view{} : authority_and_path.substr(end);
        if (path.empty())
            head.path = head.method == "OPTIONS" ? "*" : "/"; // RFC 9112 section 3.2.4
        else
            head.path = path.starts_with('/') ? path : head.arena.join("/", path);
        return valid_authority(head.authority) && (head.path == "*" || valid_path(head.path));
    }
    return false;
}

} // namespace

bool parse_request_target(std::string_view target, RequestHead& head) {
    if (head.method == "CONNECT") {
        head.authority = target;
        return valid_connect_authority(target);
    }
    if (target.starts_with('/')) {
        head.path = target;
        return valid_path(target);
    }
    if (target == "*") {
        head.path = target;
        return head.method == "OPTIONS";
    }
    return parse_absolute_form(target, head);
}

} // namespace alert40::proxy::http1
