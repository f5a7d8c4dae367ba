#include "record/evidence.hpp"

#include "record/timestamp.hpp"

#include <algorithm>
#include <string_view>

namespace alert40::record {

namespace {

/// What one TCP segment carries over Ethernet, IPv6 and timestamps taken off.
constexpr std::size_t one_packet = 1428;

bool among(std::vector<std::string> const& names, std::string_view name) {
    return std::ranges::find(names, name) != names.end();
}

bool goes_beyond_tls12(tls::Offered const& offered) {
    return among(offered.versions, "1.3");
}

bool only_tls13(tls::Offered const& offered) {
    return std::ranges::none_of(offered.versions, [](std::string const& version) {
        return version == "1.2" || version == "1.1" || version == "1.0" || version == "ssl3";
    });
}

void add_if(Set<Fact>& facts, Fact fact, bool holds) {
    if (holds) facts.add(fact);
}

bool is_modern(std::string_view suite) {
    auto const aead = [&](std::string_view mode) { return suite.find(mode) != std::string_view::npos; };
    return suite.starts_with("TLS_ECDHE_") && (aead("_GCM_") || aead("_CCM") || aead("_CHACHA20_"));
}

/// So many names are worth reading.
constexpr std::size_t few = 4;

std::string listed(std::vector<std::string> names) {
    std::erase_if(names, [](std::string const& name) {
        return name == "GREASE" || name == "TLS_FALLBACK_SCSV" || name == "TLS_EMPTY_RENEGOTIATION_INFO_SCSV";
    });
    std::string text;
    for (auto const& name : std::span{names}.first(std::min(names.size(), few)))
        text.append(text.empty() ? "" : ", ").append(name);
    if (names.size() > few) text += " and " + std::to_string(names.size() - few) + " more";
    return text;
}

std::string listed_versions(std::vector<std::string> versions) {
    std::ranges::sort(versions);
    auto const text = listed(std::move(versions));
    return text.empty() ? text : "TLS " + text;
}

void add_offer(Set<Fact>& facts, tls::Offered const& offered) {
    add_if(facts, Fact::offered_h2, among(offered.alpn, "h2"));
    add_if(facts, Fact::offered_alpn, !offered.alpn.empty());
    add_if(facts, Fact::offered_tls13, goes_beyond_tls12(offered));
    add_if(facts, Fact::offered_tls12, among(offered.versions, "1.2"));
    add_if(facts, Fact::only_tls13, goes_beyond_tls12(offered) && only_tls13(offered));
    add_if(facts, Fact::without_server_name, offered.server_name.empty());
    add_if(facts, Fact::offered_session, offered.resumption);
    add_if(facts, Fact::sent_scsv, offered.scsv);
    add_if(facts, Fact::over_one_packet, offered.bytes > one_packet);
}

void add_answer(Set<Fact>& facts, HandshakeRecord const& record) {
    auto const& handshake = record.handshake;
    add_if(facts, Fact::certificate_requested, handshake.certificate_requested);
    if (handshake.negotiated) {
        auto const& version = handshake.negotiated->version;
        add_if(facts, Fact::answered_tls12, !version.empty() && version != "1.3");
        add_if(facts, Fact::answered_below_tls12, !version.empty() && version < "1.2");
        add_if(facts, Fact::resumed, handshake.negotiated->resumed);
        add_if(facts, Fact::finite_field_dh, handshake.negotiated->cipher_suite.starts_with("TLS_DHE_"));
    }
    if (handshake.certificates.empty()) return;
    auto const& leaf = handshake.certificates.front();
    auto const not_before = parse_timestamp(leaf.not_before);
    auto const not_after = parse_timestamp(leaf.not_after);
    add_if(facts, Fact::not_yet_valid, not_before && record.time < *not_before);
    add_if(facts, Fact::expired, not_after && record.time > *not_after);
    add_if(facts, Fact::self_signed, leaf.subject == leaf.issuer);
}

bool same_manner(tls::Failure const& a, tls::Failure const& b) {
    return a.kind == b.kind && a.alert == b.alert && a.phase == b.phase;
}

/// What `later`, which failed like `first`, rules out.
void add_comparison(Set<Fact>& facts, tls::Offered const& first, tls::Offered const& later) {
    add_if(facts, Fact::same_without_h2, among(first.alpn, "h2") && !among(later.alpn, "h2"));
    add_if(facts, Fact::same_without_alpn, !first.alpn.empty() && later.alpn.empty());
    add_if(facts, Fact::same_without_server_name, !first.server_name.empty() && later.server_name.empty());
    add_if(facts, Fact::same_without_session, first.resumption && !later.resumption);
    add_if(facts, Fact::same_when_small, first.bytes > one_packet && later.bytes <= one_packet);
    add_if(facts, Fact::same_with_tls12, goes_beyond_tls12(first) && !goes_beyond_tls12(later));
}

/// An attempt that ended at the certificate came further than one that was refused before it.
void add_progress(Evidence& evidence, HandshakeRecord const& later) {
    auto const refused = evidence.failure.phase <= tls::Phase::server_hello;
    if (!refused || !later.failure || later.failure->kind != tls::FailureKind::verify ||
        evidence.facts.has(Fact::only_certificate_remains))
        return;
    evidence.facts.add(Fact::only_certificate_remains);
    evidence.step = later.profile;
    evidence.objection = later.failure->detail.empty() ? "it was not accepted" : later.failure->detail;
    auto const& chain = later.handshake.certificates;
    evidence.issuer = chain.empty() ? "nobody that it names" : chain.back().issuer;
}

tls::Direction direction_of(tls::Failure const& failure) {
    if (failure.alert) return failure.alert->direction;
    return failure.by == tls::By::downstream ? tls::Direction::sent : tls::Direction::received;
}

} // namespace

Evidence evidence_of(std::span<HandshakeRecord const> attempts, tls::Failure const* failure) {
    Evidence evidence;
    auto const failed = [](HandshakeRecord const& record) { return record.failure.has_value(); };
    auto const at = failure != nullptr ? attempts.end() - (attempts.empty() ? 0 : 1)
                                       : std::ranges::find_if(attempts, failed);
    if (failure != nullptr)
        evidence.failure = *failure;
    else if (at != attempts.end())
        evidence.failure = *at->failure;
    evidence.direction = direction_of(evidence.failure);
    if (at == attempts.end()) return evidence;

    evidence.role = role_in(*at);
    evidence.host = at->target.host;
    evidence.client = at->client;
    if (at->target.via != "direct") evidence.via = at->target.via;
    add_if(evidence.facts, Fact::through_proxy, !evidence.via.empty());
    auto const& offered = at->handshake.offered;
    if (offered) {
        add_offer(evidence.facts, *offered);
        add_if(evidence.facts, Fact::app_has_only_old_suites,
               evidence.role != Role::dialled && !goes_beyond_tls12(*offered) &&
                   std::ranges::none_of(offered->cipher_suites, is_modern));
        evidence.suites = listed(offered->cipher_suites);
        evidence.versions = listed_versions(offered->versions);
    }
    if (at->handshake.negotiated) evidence.answered = "TLS " + at->handshake.negotiated->version;
    add_answer(evidence.facts, *at);
    if (!at->handshake.certificates.empty()) evidence.valid = at->handshake.certificates.front().not_before;
    for (auto const& later : std::span{at + 1, attempts.end()}) {
        add_progress(evidence, later);
        auto const comparable = offered && later.handshake.offered && later.failure;
        if (comparable && same_manner(evidence.failure, *later.failure))
            add_comparison(evidence.facts, *offered, *later.handshake.offered);
    }
    return evidence;
}

} // namespace alert40::record
