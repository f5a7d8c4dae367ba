#pragma once

#include "policy/origin.hpp"
#include "policy/rule.hpp"

#include <boost/system/result.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace alert40::net {

/// What the environment says about proxies, as curl reads it: `https_proxy` and `HTTPS_PROXY`, `http_proxy`
/// (in lower case only: a CGI program's HTTP_PROXY comes from its client), `all_proxy` and `ALL_PROXY`,
/// `no_proxy` and `NO_PROXY`; the lower-case name wins, and an empty value is none. Unlike curl, and like
/// browsers, loopback is never proxied.
struct EnvironmentProxy {
    std::string https;
    std::string http;
    std::string no_proxy;

    /// `variable` is getenv or stands for it.
    static EnvironmentProxy read(std::function<char const*(char const*)> const& variable);

    /// `direct` or a proxy. NO_PROXY is about the origin's own name and port; `host`, where its
    /// connections go, counts only when it is loopback: no proxy could lead there. The error is one line,
    /// without credentials: a value that is no URL, or a proxy of a kind that is not supported.
    boost::system::result<policy::Via, std::string> for_origin(policy::Origin const& origin,
                                                               std::string_view host) const;
};

/// Whether `list` excepts HOST:PORT. Entries are separated by commas or blanks: "*"; a name, with or without
/// leading dot, for itself and what is below it; an address; a block in CIDR notation; any of them but a
/// block with ":port".
bool no_proxy_matches(std::string_view list, std::string_view host, std::uint16_t port);

/// "[http://|socks5://|socks5h://][user:password@]host[:port][/]"; the port is 1080 where none is given, as
/// curl has it.
boost::system::result<policy::Via, std::string> parse_proxy(std::string_view url);

} // namespace alert40::net
