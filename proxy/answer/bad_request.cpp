#include "proxy/answer/bad_request.hpp"

#include "proxy/answer/proxy_error.hpp"

#include <algorithm>

namespace alert40::proxy {

LocalResponse bad_request(std::uint16_t status, std::string_view reason) {
    std::string text{reason};
    std::ranges::replace_if(
        text, [](char c) { return c < 0x20 || c >= 0x7f; }, '?');
    return {.status = status,
            .fields = {{"content-type", "text/plain; charset=utf-8"},
                       {"proxy-status", ProxyStatus{"http_request_error"}.string("details", text).text()},
                       {"cache-control", "no-store"},
                       {"x-content-type-options", "nosniff"}},
            .body = "alert40: " + text + "\n",
            .trailers = {}};
}

} // namespace alert40::proxy
