#pragma once

#include "proxy/answer/proxy_error.hpp"
#include "record/probable_cause.hpp"

#include <string>

namespace alert40::proxy {

/// All that can be said about one error, once, for every language.
struct Problem {
    ProxyError error;
    std::string origin;  ///< "https://api.example.com"
    std::string summary; ///< one sentence: what was attempted, and what happened
    record::ProbableCause cause;
    std::string confidence; ///< of a diagnosis; empty: nothing was probed, and the cause is what the failure
                            ///< makes likely
    std::string next_hop;   ///< the address that was tried; may be empty
    std::optional<tls::Failure> failure; ///< what is reported
    std::span<record::HandshakeRecord const> attempts;
    std::string injected_by{}; ///< the rule whose faults were at work; empty: none
};

Problem problem_of(UpstreamError const& error);

/// Summary and verdict in one line, for the protocols that have only one.
std::string one_line(Problem const& problem);

/// The Proxy-Status field value.
std::string proxy_status(Problem const& problem);

/// application/problem+json (RFC 9457), indented for a person.
std::string problem_json(Problem const& problem);

/// A page of its own: no script, nothing loaded from elsewhere.
std::string error_page(Problem const& problem);

} // namespace alert40::proxy
