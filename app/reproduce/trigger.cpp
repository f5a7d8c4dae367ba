#include "app/reproduce/trigger.hpp"

#include "record/evidence.hpp"
#include "record/printable.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace alert40::app::reproduce {

namespace {

using policy::HelloMatch;
using record::HandshakeRecord;
using record::Set;
using tls::AlertDescription;
using tls::FailureKind;
using tls::Offered;

constexpr std::size_t one_packet = 1428; ///< of a TCP segment on an Ethernet path, with its options

std::optional<Feature> no_server_name(Offered const& hello) {
    if (!hello.server_name.empty()) return std::nullopt;
    return Feature{"no_server_name = true", "it names no server", {.no_server_name = true}};
}

std::optional<Feature> h2_offered(Offered const& hello) {
    if (std::ranges::find(hello.alpn, "h2") == hello.alpn.end()) return std::nullopt;
    return Feature{"alpn = \"h2\"", "it offers h2", {.alpn = {"h2"}}};
}

std::optional<Feature> large(Offered const& hello) {
    if (hello.bytes <= one_packet) return std::nullopt;
    auto const size = std::to_string(one_packet);
    return Feature{"hello_bytes_over = " + size,
                   "with its " + std::to_string(hello.bytes) + " bytes it does not fit one packet",
                   {.bytes_over = one_packet}};
}

std::optional<Feature> highest_version(Offered const& hello) {
    for (auto const* const name : {"1.3", "1.2", "1.1", "1.0"}) {
        if (std::ranges::find(hello.versions, name) == hello.versions.end()) continue;
        return Feature{"version_max = \"" + std::string(name) + '"',
                       "its highest version is " + std::string(name),
                       {.version_max = tls::version_named(name)}};
    }
    return std::nullopt;
}

std::optional<Feature> fingerprint(Offered const& hello) {
    bool const plain = std::ranges::all_of(
        hello.ja4, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
    if (hello.ja4.empty() || !plain) return std::nullopt;
    return Feature{"ja4 = \"" + hello.ja4 + '"', "it comes from such a client", {.ja4 = {hello.ja4}}};
}

/// What it may be about a hello, and for which failures that is the usual thing.
struct Row {
    std::optional<Feature> (*of)(Offered const& hello);
    Set<FailureKind> kinds;
    Set<AlertDescription> alerts; ///< where the kind is an alert
};

using enum FailureKind;
using enum AlertDescription;

/// The likeliest first.
constexpr std::array rows = {
    Row{no_server_name,
        {alert, eof, reset},
        {handshake_failure, internal_error, unrecognized_name, access_denied}},
    Row{large, {reset, timeout, eof}, {}},
    Row{h2_offered, {alert}, {handshake_failure, no_application_protocol}},
    Row{highest_version, {alert}, {protocol_version, insufficient_security, inappropriate_fallback}},
    Row{fingerprint, {}, {}},
};

bool is_usual(Row const& row, tls::Failure const& failure) {
    if (!row.kinds.has(failure.kind)) return false;
    return failure.kind != alert || (failure.alert && row.alerts.has(failure.alert->description));
}

/// An end without a word says the same, whoever was the first to have enough.
bool alike(tls::Failure const& a, tls::Failure const& b) {
    return a.kind == b.kind && a.phase == b.phase && a.alert.has_value() == b.alert.has_value() &&
           (!a.alert || a.alert->description == b.alert->description);
}

/// It was answered by TLS, whatever came of that.
bool was_answered(HandshakeRecord const& record) {
    return record.injected_by.empty() && record.handshake.negotiated.has_value();
}

bool same_hello(Offered const& a, Offered const& b) {
    return a.ja4 == b.ja4 && a.alpn == b.alpn && a.server_name == b.server_name && a.bytes == b.bytes;
}

} // namespace

Trigger trigger_of(RecordedFailure const& failed) {
    Trigger trigger;
    if (!failed.handshake.handshake.offered) return trigger;
    auto const& hello = *failed.handshake.handshake.offered;
    std::vector<HandshakeRecord> refused, answered;
    for (auto const& other : failed.others) {
        if (!other.handshake.offered) continue;
        bool const same = same_hello(hello, *other.handshake.offered);
        if (was_answered(other)) {
            trigger.answered += same ? 1 : 0;
            if (!same) answered.push_back(other);
        } else if (other.failure && alike(*other.failure, failed.failure)) {
            trigger.refused += same ? 1 : 0;
            refused.push_back(other);
        }
    }
    trigger.refused = trigger.answered > 0 ? trigger.refused + 1 : 0;

    std::optional<std::size_t> usual;
    for (auto const& row : rows) {
        auto feature = row.of(hello);
        if (!feature) continue;
        bool const contradicted = std::ranges::any_of(
            refused, [&](auto const& other) { return !feature->match.matches(*other.handshake.offered); });
        bool const excluded = std::ranges::any_of(
            answered, [&](auto const& other) { return feature->match.matches(*other.handshake.offered); });
        if (contradicted || excluded) continue;
        feature->proven = !answered.empty();
        if (!usual && is_usual(row, failed.failure)) usual = trigger.features.size();
        trigger.features.push_back(*std::move(feature));
    }
    if (usual)
        std::rotate(trigger.features.begin(), trigger.features.begin() + static_cast<std::ptrdiff_t>(*usual),
                    trigger.features.begin() + static_cast<std::ptrdiff_t>(*usual) + 1);
    // Of a client that fails now and then, no feature is the reason.
    bool const proven = !trigger.features.empty() && trigger.features.front().proven;
    trigger.first_is_likely = trigger.answered == 0 && (usual || proven);
    return trigger;
}

} // namespace alert40::app::reproduce
