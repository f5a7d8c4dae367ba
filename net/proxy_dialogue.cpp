#include "net/proxy_dialogue.hpp"

#include "net/http_connect.hpp"
#include "net/socks5_connect.hpp"

namespace alert40::net {

std::unique_ptr<ProxyDialogue> make_proxy_dialogue(policy::Via const& proxy, std::string_view host,
                                                   std::uint16_t port) {
    if (proxy.kind == policy::Via::Kind::http_proxy) return std::make_unique<HttpConnect>(proxy, host, port);
    return std::make_unique<Socks5Connect>(proxy, host, port);
}

} // namespace alert40::net
