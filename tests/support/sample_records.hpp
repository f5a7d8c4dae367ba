#pragma once

#include "record/handshake_record.hpp"

namespace alert40::tests {

inline record::HandshakeRecord sample_dial(std::string profile, unsigned attempt) {
    using namespace std::chrono;
    record::HandshakeRecord dial;
    dial.id = "01JDBB5GTD0000000000000" + std::to_string(100 + attempt);
    dial.time = sys_days{year{2026} / 11 / 23} + 5h + 14min + 9s + microseconds{111'000};
    dial.connection = "01JDBB5GTD0000000000000000";
    dial.listener = "127.0.0.1:4040";
    dial.profile = std::move(profile);
    dial.attempt = attempt;
    dial.target = {"api.example.com", 443, "192.0.2.7", "system", "direct"};
    dial.handshake.offered = tls::Offered{
        .versions = {"GREASE", "1.3", "1.2"},
        .cipher_suites = {"TLS_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"},
        .groups = {"x25519", "secp256r1"},
        .signature_algorithms = {"ecdsa_secp256r1_sha256"},
        .alpn = {"h2", "http/1.1"},
        .server_name = "api.example.com",
        .bytes = 322,
        .ja3 = "cd08e31494f9531f560d64c695473da9",
        .ja4 = "t13d0202h2_5b57614c22b0_3d5424432f57",
        .scsv = false,
        .resumption = false,
    };
    dial.timing.total = 12'345us;
    return dial;
}

inline record::HandshakeRecord failed(record::HandshakeRecord dial, tls::Failure failure) {
    dial.outcome = record::Outcome::failed;
    if (failure.alert) dial.handshake.alerts = {*failure.alert};
    if (failure.phase < tls::Phase::client_hello) dial.handshake.offered.reset();
    dial.failure = std::move(failure);
    return dial;
}

inline record::HandshakeRecord established(record::HandshakeRecord dial, std::string alpn) {
    dial.handshake.negotiated = tls::Negotiated{.version = "1.3",
                                                .cipher_suite = "TLS_AES_128_GCM_SHA256",
                                                .group = "x25519",
                                                .alpn = std::move(alpn),
                                                .resumed = false,
                                                .ja3s = "eb1d94daa7e0344597e756a1fb6e7054"};
    return dial;
}

inline tls::Failure alert_received(unsigned number, tls::Phase phase = tls::Phase::client_hello) {
    return {.by = tls::By::upstream,
            .phase = phase,
            .kind = tls::FailureKind::alert,
            .alert =
                tls::Alert{tls::AlertLevel::fatal, tls::AlertDescription{static_cast<std::uint8_t>(number)},
                           tls::Direction::received},
            .detail = ""};
}

inline tls::Failure alert_sent(unsigned number, tls::Phase phase, std::string detail) {
    auto failure = alert_received(number, phase);
    failure.by = tls::By::local;
    failure.alert->direction = tls::Direction::sent;
    failure.detail = std::move(detail);
    return failure;
}

inline tls::Failure broken(tls::FailureKind kind, tls::Phase phase, std::string detail = "") {
    return {.by = tls::By::upstream,
            .phase = phase,
            .kind = kind,
            .alert = std::nullopt,
            .detail = std::move(detail)};
}

/// Every member differs from its default.
inline record::HandshakeRecord full_record() {
    auto record =
        failed(established(sample_dial("tls12", 6), "http/1.1"), alert_sent(48, tls::Phase::certificate, ""));
    record.side = record::Side::downstream;
    record.rules = {"cursor", "everywhere"};
    record.mode = "intercept";
    record.client = "Node.js (OpenSSL 3)";
    record.client_hello = "1603010005010000010303";
    record.target.via = "http://proxy:3128";
    record.handshake.offered->scsv = true;
    record.handshake.offered->resumption = true;
    record.handshake.negotiated->resumed = true;
    record.handshake.certificates = {{.subject = "CN=api.example.com",
                                      .issuer = "CN=Example CA",
                                      .names = {"api.example.com", "192.0.2.7"},
                                      .not_before = "2026-01-01T00:00:00Z",
                                      .not_after = "2027-01-01T00:00:00Z",
                                      .key = "EC P-256",
                                      .signature = "ecdsa-with-SHA256"}};
    record.handshake.certificate_requested = true;
    record.failure->kind = tls::FailureKind::verify;
    record.failure->detail = "unable to get local issuer certificate";
    record.timing = {std::chrono::microseconds{900}, std::chrono::microseconds{2'000},
                     std::chrono::microseconds{9'000}, std::chrono::microseconds{12'345}};
    record.next = "small-hello";
    record.injected_by = "broken";
    record.notes = {"weak: TLS 1.0"};
    return record;
}

inline record::ConnectionFailureRecord full_connection_failure() {
    record::ConnectionFailureRecord record;
    record.id = "01JDBB5GTD0000000000000200";
    record.time = full_record().time;
    record.handshake = "01JDBB5GTD0000000000000101";
    record.side = record::Side::upstream;
    record.connection = "01JDBB5GTD0000000000000000";
    record.target = sample_dial("", 1).target;
    record.profile = "modern";
    record.failure = broken(tls::FailureKind::h2, tls::Phase::after, "GOAWAY HTTP_1_1_REQUIRED (0xd)");
    record.next = "http1";
    record.injected_by = "break h2";
    return record;
}

inline record::ConnectionFailureRecord broken_exchange(tls::Failure failure, record::ExchangeFacts exchange) {
    auto record = full_connection_failure();
    record.failure = std::move(failure);
    record.exchange = std::move(exchange);
    record.next.reset();
    record.injected_by.clear();
    return record;
}

/// With every key.
inline record::ConnectionFailureRecord full_broken_exchange() {
    return broken_exchange(broken(tls::FailureKind::reset, tls::Phase::after, "Connection reset by peer"),
                           {.http = "2",
                            .protocol = "websocket",
                            .status = std::uint16_t{200},
                            .grpc_status = 14u,
                            .body_bytes = 3,
                            .unprocessed = true,
                            .time = std::chrono::microseconds{5'000'100}});
}

inline record::LadderRecord full_ladder_record() {
    record::LadderRecord record;
    record.id = "01JDBB5GTD0000000000000300";
    record.time = full_record().time;
    record.event = record::LadderEvent::learned;
    record.host = "api.example.com";
    record.ladder = "standard";
    record.profile = "http1";
    record.reason = "alert 40 handshake_failure";
    record.expires = record.time + std::chrono::minutes{10};
    return record;
}

/// With every key.
inline record::DiagnosisRecord full_diagnosis() {
    record::DiagnosisRecord record;
    record.id = "01JDBB5GTD0000000000000400";
    record.time = full_record().time;
    record.target = "https://api.example.com";
    record.profile = "modern";
    record.failure = alert_received(40);
    record.outcome = "fails";
    record.causes = {"no-common-version"};
    record.verdict = "the server speaks TLS 1.1 at most";
    record.confidence = "high";
    record.mended_by = {"old-versions"};
    record.remedies = {{"now", "`alert40 run --config mended.toml`", true},
                       {"nginx", "`ssl_protocols TLSv1.2 TLSv1.3;`"}};
    record.evidence = {"as an app would: alert 40", "with TLS 1.1: works"};
    record.handshakes = 14;
    record.policy = "[[rule]]\n";
    record.stopped = "a minute is over";
    record.command = "alert40 diagnose https://api.example.com";
    return record;
}

} // namespace alert40::tests
