#include "proxy/tunnel/app_hello.hpp"

#include "policy/host_name.hpp"
#include "tls/engine/digest.hpp"
#include "tls/engine/summarize_der.hpp"
#include "tls/fingerprint/known_clients.hpp"
#include "tls/wire/client_hello.hpp"
#include "tls/wire/handshake_message.hpp"
#include "tls/wire/record.hpp"

namespace alert40::proxy {

namespace wire = tls::wire;

tls::watch::Tools const& watch_tools() {
    static constexpr tls::watch::Tools tools{{tls::engine::md5_hex, tls::engine::sha256_hex},
                                             tls::engine::summarize_der};
    return tools;
}

std::shared_ptr<AppHello const> app_hello(tls::watch::HandshakeWatch const& watch) {
    if (watch.hello_bytes().empty() || !watch.handshake().offered) return nullptr;
    wire::RecordSplitter records;
    wire::HandshakeSplitter messages;
    records.feed(watch.hello_bytes());
    while (auto const record = records.next()) {
        messages.feed(record->fragment);
        auto const message = messages.next();
        if (!message) continue;
        auto hello = std::make_shared<AppHello>();
        hello->offered = *watch.handshake().offered;
        hello->body.assign(message->body.begin(), message->body.end());
        if (auto const parsed = wire::parse_client_hello(hello->body))
            hello->looks_like = tls::fingerprint::looks_like(*parsed);
        return hello;
    }
    return nullptr;
}

policy::Origin named_target(policy::Origin target, AppHello const* hello) {
    if (!hello || hello->offered.server_name.empty() || !policy::to_ip_literal(target.host)) return target;
    if (auto label = policy::to_a_label(hello->offered.server_name)) target.host = *std::move(label);
    return target;
}

} // namespace alert40::proxy
