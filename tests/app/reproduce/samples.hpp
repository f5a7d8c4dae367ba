#pragma once

#include "app/reproduce/recorded_failure.hpp"
#include "support/sample_records.hpp"

namespace alert40::tests {

/// An app's handshake, watched, as it stands in a file of records.
inline record::HandshakeRecord watched(tls::Failure failure, std::string id = "1") {
    auto record = failed(sample_dial("", 1), std::move(failure));
    record.id = std::move(id);
    record.mode = "watch";
    record.client = "Python (OpenSSL 3)";
    return record;
}

/// An app that was shown a certificate of alert40's own.
inline record::HandshakeRecord intercepted(tls::Failure failure) {
    auto record = watched(std::move(failure));
    record.side = record::Side::downstream;
    record.mode = "intercept";
    if (record.failure->by == tls::By::downstream && record.failure->alert)
        record.failure->alert->direction = tls::Direction::received;
    return record;
}

inline tls::Failure by_app(tls::FailureKind kind, tls::Phase phase) {
    return {tls::By::downstream, phase, kind, std::nullopt, ""};
}

inline tls::Failure alert_of_app(unsigned number, tls::Phase phase) {
    auto failure = alert_received(number, phase);
    failure.by = tls::By::downstream;
    failure.alert->direction = tls::Direction::sent;
    return failure;
}

/// The last of them failed.
inline app::reproduce::RecordedFailure last_of(std::vector<record::Record> records) {
    auto chosen = app::reproduce::choose({std::move(records), false, {}}, "");
    if (!chosen.failure) throw std::runtime_error(chosen.error);
    return *std::move(chosen.failure);
}

inline app::reproduce::RecordedFailure seen(record::HandshakeRecord record) {
    return last_of({std::move(record)});
}

inline tls::CertificateSummary sample_certificate() {
    return {.subject = "CN=api.example.com",
            .issuer = "CN=Example CA",
            .names = {"api.example.com"},
            .not_before = "2026-01-01T00:00:00Z",
            .not_after = "2027-01-01T00:00:00Z",
            .key = "EC P-256",
            .signature = "ecdsa-with-SHA256"};
}

/// TLS 1.2, where the certificate could be read, and what the app made of it.
inline record::HandshakeRecord refused_certificate(tls::CertificateSummary leaf, unsigned alert) {
    auto record = watched(alert_of_app(alert, tls::Phase::certificate));
    record.handshake.negotiated = tls::Negotiated{.version = "1.2",
                                                  .cipher_suite = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                                                  .group = "x25519",
                                                  .alpn = "",
                                                  .resumed = false,
                                                  .ja3s = ""};
    record.handshake.certificates = {std::move(leaf)};
    return record;
}

} // namespace alert40::tests
