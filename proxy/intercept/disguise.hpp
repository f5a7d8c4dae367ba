#pragma once

#include "net/client_handshake.hpp"
#include "policy/fault.hpp"
#include "proxy/fault/fault_book.hpp"
#include "tls/engine/connection.hpp"
#include "tls/flight_fault.hpp"

#include <optional>
#include <string>
#include <vector>

namespace alert40::proxy {

/// The server that an app meets where a rule makes it another one than it should be.
struct Disguise {
    std::optional<policy::fault::Server> server;
    std::optional<tls::Flaw> flaw; ///< of its certificate
    std::optional<tls::FlightFault> flight;
    std::optional<Blow> afterwards;   ///< what strikes once the handshake is over
    std::string rule;                 ///< whose faults they are; empty: there is no disguise
    std::vector<std::string> notes{}; ///< "injected: a server of TLS 1.2 at server_hello"

    bool is_worn() const { return !rule.empty(); }

    void put_on(Blow blow);

    tls::ServerLimits limits() const { return server ? server->limits : tls::ServerLimits{}; }

    /// What is not in the limits.
    void change(tls::engine::ServerOptions& options) const;
    /// In which its part of the handshake leaves.
    net::Segments segments() const;

  private:
    void take(policy::FaultAction const& action, policy::FaultPoint at);
};

} // namespace alert40::proxy
