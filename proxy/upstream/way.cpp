#include "proxy/upstream/way.hpp"

#include <cstdint>

namespace alert40::proxy {
namespace {

std::string text_of(policy::Resolver const& resolver) {
    auto const kind = std::to_string(static_cast<int>(resolver.kind));
    return resolver.kind == policy::Resolver::Kind::system
               ? kind
               : kind + resolver.address + "#" + std::to_string(resolver.port);
}

std::string text_of(policy::Via const& via) {
    return std::to_string(static_cast<int>(via.kind)) + via.username + ":" + via.password + "@" + via.host +
           ":" + std::to_string(via.port);
}

} // namespace

std::string Way::memory_key() const {
    auto key = origin.text() + " " + text_of(decision.resolver) + " " + text_of(decision.via) + " " +
               decision.ladder.name;
    if (decision.address) key += " " + decision.address->host + "#" + std::to_string(decision.address->port);
    if (http1_only) key += " http/1.1";
    return key;
}

std::string Way::connection_key() const {
    auto key = memory_key() + (decision.h2c ? " h2c" : "");
    for (auto const& rule : decision.rules) // a record names the rules of the dial
        key += "\n" + rule;
    // a context lives as long as a way refers to it, so its address names the profile's content
    for (auto const& step : steps)
        key += " " + std::to_string(reinterpret_cast<std::uintptr_t>(step.context.get()));
    // ... and a connection that is made to fail is not for whom another policy means well
    for (auto const& fault : decision.faults)
        if (fault.as == policy::FaultRole::client) key += "\n" + policy::fault_text(fault.action, fault.at);
    if (hello)
        key += "\n" + hello->offered.ja3 + hello->offered.ja4 +
               (hello->offered.alpn.empty() ? "" : hello->offered.alpn.front());
    return key;
}

} // namespace alert40::proxy
