#pragma once

#include "diagnose/verdict/findings.hpp"

namespace alert40::diagnose {

/// A trial as `alert40 diagnose` begins with, and what it may come to.
inline Trial base_trial() {
    return {.profile = *tls::built_in_profile("modern")};
}

inline tls::Negotiated chosen(std::string version, std::string cipher_suite, std::string group = "") {
    tls::Negotiated negotiated;
    negotiated.version = std::move(version);
    negotiated.cipher_suite = std::move(cipher_suite);
    negotiated.group = std::move(group);
    return negotiated;
}

inline Observation established(std::string alpn = "h2") {
    Observation seen;
    seen.report.via = "direct";
    auto& handshake = seen.report.handshake;
    handshake.offered.emplace();
    handshake.offered->versions = {"1.3", "1.2"};
    handshake.offered->alpn = {"h2", "http/1.1"};
    handshake.offered->server_name = "a.test";
    handshake.offered->bytes = 263;
    handshake.negotiated = chosen("1.3", "TLS_AES_128_GCM_SHA256");
    handshake.negotiated->alpn = std::move(alpn);
    seen.visited.emplace();
    seen.visited->protocol = "h2";
    seen.visited->status = 200;
    seen.visited->complete = seen.visited->settings_acknowledged = true;
    return seen;
}

inline Observation failed_with(tls::Failure failure) {
    auto seen = established();
    seen.report.handshake.negotiated.reset();
    seen.visited.reset();
    seen.report.failure = std::move(failure);
    return seen;
}

inline tls::Failure cut(tls::FailureKind kind, tls::Phase phase = tls::Phase::client_hello) {
    tls::Failure failure;
    failure.phase = phase;
    failure.kind = kind;
    return failure;
}

inline tls::Failure alert(tls::AlertDescription description, tls::Phase phase = tls::Phase::client_hello,
                          tls::Direction direction = tls::Direction::received) {
    auto failure = cut(tls::FailureKind::alert, phase);
    failure.alert.emplace();
    failure.alert->description = description;
    failure.alert->direction = direction;
    return failure;
}

/// Ours.
inline tls::Failure not_accepted(std::string detail) {
    auto failure = cut(tls::FailureKind::verify, tls::Phase::certificate);
    failure.by = tls::By::local;
    failure.detail = std::move(detail);
    return failure;
}

/// Fails each time, and works with this change each time.
inline Findings mended_by(Change const& change, Observation const& failed, Observation const& works) {
    Findings findings;
    findings.target = {.scheme = "https", .host = "a.test", .port = 443};
    findings.base = base_trial();
    findings.unchanged = {failed, failed, failed, failed};
    findings.tried = {{{change}, with(findings.base, {change}), works}};
    findings.mends = {change};
    findings.mended = {works, works, works};
    return findings;
}

} // namespace alert40::diagnose
