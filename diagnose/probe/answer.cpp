#include "diagnose/probe/answer.hpp"

#include "tls/version.hpp"
#include "tls/wire/iana.hpp"

namespace alert40::diagnose {
namespace {

/// Whether the end of a stream is a reset depends on what had not been read: no two failures.
std::string failure_text(tls::Failure const& failure) {
    switch (failure.kind) {
    case tls::FailureKind::alert: return text_of(failure.alert->description);
    case tls::FailureKind::reset:
    case tls::FailureKind::eof: return "connection cut";
    case tls::FailureKind::timeout: return "no answer";
    case tls::FailureKind::not_tls: return "not TLS";
    case tls::FailureKind::malformed: return "malformed answer";
    default: return std::string(name_of(failure.kind));
    }
}

} // namespace

std::string summary_of(Answer const& answer) {
    if (answer.failure) return failure_text(*answer.failure);
    if (answer.hidden_alert) return "an encrypted alert";
    if (!answer.choice) return "nothing";
    auto const& choice = *answer.choice;
    auto const version = name_of(static_cast<tls::ProtocolVersion>(choice.version));
    return (version == "ssl3" ? "SSL 3.0" : "TLS " + std::string(version)) + " with " +
           tls::wire::iana::spelled(tls::wire::iana::cipher_suites(), choice.cipher_suite);
}

} // namespace alert40::diagnose
