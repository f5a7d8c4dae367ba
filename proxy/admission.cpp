#include "proxy/admission.hpp"

#include "proxy/answer/bad_request.hpp"
#include "proxy/exchange/same_secret.hpp"
#include "text/base64.hpp"

#include <string>

namespace alert40::proxy {
bool is_admitted(RequestHead const& request, Entrance const& entrance) {
    if (entrance.credentials.empty() || request.admitted) return true;
    auto const space = request.proxy_authorization.find(' ');
    if (space == std::string_view::npos || !same_token(request.proxy_authorization.substr(0, space), "basic"))
        return false;
    auto const shown = request.proxy_authorization.substr(space + 1);
    bool known = false;
    for (auto const& credentials : entrance.credentials)
        known |= same_secret(shown, text::base64(credentials));
    return known;
}

LocalResponse proxy_authentication_required() {
    auto answer = bad_request(407, "this proxy wants a user name and a password (credentials in [listen])");
    answer.fields.emplace_back("Proxy-Authenticate", "Basic realm=\"alert40\", charset=\"UTF-8\"");
    return answer;
}

} // namespace alert40::proxy
