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

void add_offer(Set<Fact>& facts, tls::Offered const& offered) {
    add_if(facts, Fact::offered_h2, among(offered.alpn, "h2"));
    add_if(facts, Fact::offered_alpn, !offered.alpn.empty());
    add_if(facts, Fact::offered_tls13, goes_beyond_tls12(offered));
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
    add_if(evidence.facts, Fact::through_proxy, !at->target.via.empty() && at->target.via != "direct");
    auto const& offered = at->handshake.offered;
    if (offered) add_offer(evidence.facts, *offered);
    add_answer(evidence.facts, *at);
    for (auto const& later : std::span{at + 1, attempts.end()}) {
        auto const comparable = offered && later.handshake.offered && later.failure;
        if (comparable && same_manner(evidence.failure, *later.failure))
            add_comparison(evidence.facts, *offered, *later.handshake.offered);
    }
    return evidence;
}

} // namespace alert40::record
