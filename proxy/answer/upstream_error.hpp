#pragma once

#include "policy/policy.hpp"
#include "record/handshake_record.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace alert40::proxy {

/// Why a request gets its answer here.
struct UpstreamError {
    enum class Kind : std::uint8_t {
        failed,           ///< a dial or a connection: `failure`, else the first attempt that failed, says how
        loop,             ///< the origin's address is one of our own listeners
        needs_http2,      ///< a call that streams both ways, and the origin was reached with http/1.1 only
        no_upgrade,       ///< the origin's HTTP/2 cannot carry the upgrade that the client asked for
        blocked,          ///< a rule refuses it
        overloaded,       ///< too many requests wait for this origin
        response_timeout, ///< the origin did not answer in time
        malformed_response, ///< the origin answered, with what is not HTTP
    };

    Kind kind = Kind::failed;
    policy::Origin origin;
    std::span<record::HandshakeRecord const> attempts; ///< of the last ladder run, oldest first; borrowed
    std::optional<tls::Failure> failure;               ///< what broke after the handshake
    /// What was found out in the background about the origin; null: nothing. Borrowed.
    record::DiagnosisRecord const* diagnosis = nullptr;
    std::string rule; ///< whose doing it is: for `blocked`, and of an injected failure
};

} // namespace alert40::proxy
