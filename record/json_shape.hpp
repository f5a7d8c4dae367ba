#pragma once

#include "record/handshake_record.hpp"

#include <concepts>
#include <type_traits>

/// The JSON of every record, said once: the keys, their order, and which of them may be absent. A `Shape` is
/// the writer, the reader, or a list of the keys. It has
///
///     always(key, member)        written always, and missed when it is not there
///     unless_empty(key, member)  absent while the member is empty, false or nothing
///     derived(key, text)         follows from other members: written, not read; absent while empty
///
/// docs/records.md says what each key means.
namespace alert40::record {

/// `T` or `T const`: the writer holds const records, the reader fills them in.
template <typename T, typename Value>
concept Holds = std::same_as<std::remove_const_t<T>, Value>;

template <typename Shape>
void shape(Shape& to, Holds<tls::Alert> auto& alert) {
    to.always("id", alert.description);
    to.derived("name", name_of(alert.description));
    to.always("level", alert.level);
    to.always("direction", alert.direction);
}

template <typename Shape>
void shape(Shape& to, Holds<tls::Failure> auto& failure) {
    to.always("by", failure.by);
    to.always("phase", failure.phase);
    to.always("kind", failure.kind);
    to.unless_empty("alert", failure.alert);
    to.unless_empty("detail", failure.detail);
}

template <typename Shape>
void shape(Shape& to, Holds<tls::Offered> auto& offered) {
    to.always("versions", offered.versions);
    to.always("cipher_suites", offered.cipher_suites);
    to.always("groups", offered.groups);
    to.always("signature_algorithms", offered.signature_algorithms);
    to.always("alpn", offered.alpn);
    to.unless_empty("server_name", offered.server_name);
    to.always("bytes", offered.bytes);
    to.unless_empty("ja3", offered.ja3);
    to.unless_empty("ja4", offered.ja4);
    to.always("scsv", offered.scsv);
    to.always("resumption", offered.resumption);
}

template <typename Shape>
void shape(Shape& to, Holds<tls::Negotiated> auto& negotiated) {
    to.unless_empty("version", negotiated.version);
    to.unless_empty("cipher_suite", negotiated.cipher_suite);
    to.unless_empty("group", negotiated.group);
    to.unless_empty("alpn", negotiated.alpn);
    to.always("resumed", negotiated.resumed);
    to.unless_empty("no_secure_renegotiation", negotiated.no_secure_renegotiation);
    to.unless_empty("ja3s", negotiated.ja3s);
}

template <typename Shape>
void shape(Shape& to, Holds<tls::CertificateSummary> auto& certificate) {
    to.always("subject", certificate.subject);
    to.always("issuer", certificate.issuer);
    to.always("names", certificate.names);
    to.always("not_before", certificate.not_before);
    to.always("not_after", certificate.not_after);
    to.always("key", certificate.key);
    to.always("signature", certificate.signature);
}

template <typename Shape>
void shape(Shape& to, Holds<Target> auto& target) {
    to.always("host", target.host);
    to.always("port", target.port);
    to.unless_empty("address", target.address);
    to.unless_empty("resolver", target.resolver);
    to.unless_empty("via", target.via);
}

template <typename Shape>
void shape(Shape& to, Holds<Timing> auto& timing) {
    to.unless_empty("resolve", timing.resolve);
    to.unless_empty("connect", timing.connect);
    to.unless_empty("first_byte", timing.first_byte);
    to.always("total", timing.total);
}

template <typename Shape>
void shape(Shape& to, Holds<HandshakeRecord> auto& record) {
    to.derived("type", "handshake");
    to.always("id", record.id);
    to.always("time", record.time);
    to.always("side", record.side);
    to.unless_empty("connection", record.connection);
    to.unless_empty("listener", record.listener);
    to.derived("rule", record.rules.empty() ? std::string_view{} : std::string_view{record.rules.front()});
    to.unless_empty("rules", record.rules);
    to.unless_empty("profile", record.profile);
    to.unless_empty("mode", record.mode);
    to.unless_empty("client", record.client);
    to.unless_empty("client_hello", record.client_hello);
    to.always("attempt", record.attempt);
    to.always("target", record.target);
    to.unless_empty("offered", record.handshake.offered);
    to.unless_empty("negotiated", record.handshake.negotiated);
    to.unless_empty("certificates", record.handshake.certificates);
    to.unless_empty("certificate_requested", record.handshake.certificate_requested);
    to.unless_empty("alerts", record.handshake.alerts);
    to.always("outcome", record.outcome);
    to.unless_empty("failure", record.failure);
    to.unless_empty("injected_by", record.injected_by);
    to.always("timing_us", record.timing);
    to.unless_empty("next", record.next);
    to.unless_empty("notes", record.notes);
}

template <typename Shape>
void shape(Shape& to, Holds<ExchangeFacts> auto& exchange) {
    to.always("http", exchange.http);
    to.unless_empty("protocol", exchange.protocol);
    to.unless_empty("status", exchange.status);
    to.unless_empty("grpc_status", exchange.grpc_status);
    to.always("body_bytes", exchange.body_bytes);
    to.unless_empty("unprocessed", exchange.unprocessed);
    to.always("time_us", exchange.time);
}

template <typename Shape>
void shape(Shape& to, Holds<ConnectionFailureRecord> auto& record) {
    to.derived("type", "connection_failure");
    to.always("id", record.id);
    to.always("time", record.time);
    to.always("handshake", record.handshake);
    to.always("side", record.side);
    to.unless_empty("connection", record.connection);
    to.always("target", record.target);
    to.unless_empty("profile", record.profile);
    to.always("failure", record.failure);
    to.unless_empty("exchange", record.exchange);
    to.unless_empty("injected_by", record.injected_by);
    to.unless_empty("next", record.next);
}

template <typename Shape>
void shape(Shape& to, Holds<LadderRecord> auto& record) {
    to.derived("type", "ladder");
    to.always("id", record.id);
    to.always("time", record.time);
    to.always("event", record.event);
    to.always("host", record.host);
    to.always("ladder", record.ladder);
    to.always("profile", record.profile);
    to.unless_empty("reason", record.reason);
    to.always("expires", record.expires);
}

template <typename Shape>
void shape(Shape& to, Holds<DiagnosedRemedy> auto& remedy) {
    to.always("who", remedy.who);
    to.always("what", remedy.what);
    to.unless_empty("weak", remedy.weak);
}

template <typename Shape>
void shape(Shape& to, Holds<DiagnosisRecord> auto& record) {
    to.derived("type", "diagnosis");
    to.always("id", record.id);
    to.always("time", record.time);
    to.always("target", record.target);
    to.always("profile", record.profile);
    to.always("failure", record.failure);
    to.always("outcome", record.outcome);
    to.always("causes", record.causes);
    to.always("verdict", record.verdict);
    to.always("confidence", record.confidence);
    to.unless_empty("mended_by", record.mended_by);
    to.unless_empty("remedies", record.remedies);
    to.always("evidence", record.evidence);
    to.always("handshakes", record.handshakes);
    to.unless_empty("policy", record.policy);
    to.unless_empty("stopped", record.stopped);
    to.always("command", record.command);
}

} // namespace alert40::record
