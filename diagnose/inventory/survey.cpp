#include "diagnose/inventory/survey.hpp"

#include "diagnose/inventory/lane.hpp"
#include "diagnose/inventory/offers.hpp"
#include "tls/engine/summarize_der.hpp"

#include <map>
#include <memory>

namespace alert40::diagnose {
namespace {

using Codes = std::vector<std::uint16_t>;
using CodeLane =
    std::shared_ptr<Elimination<std::uint16_t>>; ///< of the survey, and of the round it is asked in
using SingleLane = std::shared_ptr<Single>;      ///< the same

constexpr std::uint16_t tls1_2 = 0x0303, tls1_3 = 0x0304;
constexpr std::size_t at_once = 4; ///< questions of different lanes that are asked side by side

std::optional<std::uint16_t> suite_of(Answer const& answer) {
    return answer.choice->cipher_suite;
}

std::optional<std::uint16_t> group_of(Answer const& answer) {
    return answer.choice->group;
}

std::optional<std::uint16_t> signature_of(Answer const& answer) {
    return answer.signature;
}

std::optional<std::string> protocol_of(Answer const& answer) {
    return answer.alpn.empty() ? std::nullopt : std::optional(answer.alpn);
}

/// Who decides, by what was chosen of the same list turned round.
template <class Value>
Decides who_decides(std::vector<Value> const& in_order, std::optional<Value> const& chosen_of_reversed) {
    if (in_order.size() < 2 || !chosen_of_reversed) return Decides::unknown;
    if (*chosen_of_reversed == in_order.front()) return Decides::server;
    return *chosen_of_reversed == in_order.back() ? Decides::client : Decides::unknown;
}

class Survey {
  public:
    Survey(Ask const& ask, std::string const& server_name)
        : ask_(ask)
        , server_name_(server_name) {}

    Inventory run() {
        find_versions();
        if (!found_.versions.empty()) {
            look_in_each_version();
            look_at_preferences();
        }
        return std::move(found_);
    }

  private:
    /// A hello in which everything is offered that a server may take in this version.
    PlainHello hello_of(std::uint16_t version, Codes suites) const {
        PlainHello hello;
        hello.versions = {version};
        hello.server_name = server_name_;
        hello.cipher_suites = std::move(suites);
        hello.groups = version == tls1_3 ? offers::groups() : offers::curves();
        hello.signature_algorithms = offers::signature_algorithms();
        return hello;
    }

    PlainHello hello_of(SpokenVersion const& spoken) const {
        return hello_of(spoken.version, spoken.cipher_suites.codes);
    }

    template <class Made>
    std::shared_ptr<Made> lane(std::shared_ptr<Made> made) {
        round_.push_back(made);
        return made;
    }

    CodeLane eliminate(PlainHello hello, Codes PlainHello::*list,
                       std::optional<std::uint16_t> (*chosen)(Answer const&)) {
        return lane(std::make_shared<Elimination<std::uint16_t>>(std::move(hello), list, chosen));
    }

    SingleLane once(PlainHello hello) { return lane(std::make_shared<Single>(std::move(hello))); }

    /// The same list the other way round; null where there is nothing to turn.
    template <class Value>
    SingleLane once_reversed(PlainHello hello, std::vector<Value> PlainHello::*list,
                             std::vector<Value> const& in_order) {
        if (in_order.size() < 2) return nullptr;
        (hello.*list).assign(in_order.rbegin(), in_order.rend());
        return once(std::move(hello));
    }

    /// Asks what the lanes of this round want to know.
    void ask_round() {
        while (found_.stopped.empty()) {
            std::vector<Lane*> asking;
            std::vector<PlainHello> questions;
            for (auto const& one : round_)
                if (auto const* const hello = one->next(); hello && asking.size() < at_once) {
                    asking.push_back(one.get());
                    questions.push_back(*hello);
                }
            if (asking.empty()) break;
            auto const answers = ask_(questions);
            for (std::size_t i = 0; i < std::min(answers.size(), asking.size()); ++i) {
                note(questions[i], answers[i]);
                asking[i]->take(answers[i]);
            }
            if (answers.size() < asking.size()) found_.stopped = "no more could be asked";
        }
        round_.clear();
    }

    /// What any answer may show.
    void note(PlainHello const& hello, Answer const& answer) {
        ++found_.handshakes;
        if (!answers(hello, answer)) return;
        found_.certificate_requested |= answer.certificate_requested;
        if (answer.choice->version == tls1_2)
            marked_ = marked_.value_or(false) || answer.choice->downgrade_marked;
        auto const& certificates = answer.certificates;
        if (certificates.empty() || chains_.size() >= Inventory::most_chains ||
            std::ranges::find(chains_, certificates) != chains_.end())
            return;
        chains_.push_back(certificates);
        std::vector<std::span<std::uint8_t const>> const ders(certificates.begin(), certificates.end());
        found_.chains.push_back({.certificates = tls::engine::summarize_der(ders), .flaws = {}});
    }

    void find_versions() {
        std::map<std::uint16_t, std::vector<CodeLane>, std::greater<>> lanes;
        for (auto const version : offers::versions)
            lanes[version] = {eliminate(hello_of(version, offers::cipher_suites(version)),
                                        &PlainHello::cipher_suites, suite_of)};
        ask_round();
        // A list this long is too much for some: what took nothing is asked in parts.
        for (auto& [version, tried] : lanes)
            if (tried.front()->accepted().empty() && version != tls1_3 && !says_no_to_version(*tried.front()))
                for (auto& part : offers::in_parts(offers::cipher_suites(version)))
                    tried.push_back(
                        eliminate(hello_of(version, std::move(part)), &PlainHello::cipher_suites, suite_of));
        ask_round();
        if (auto const& last = lanes.at(tls1_2).front()->last()) found_.refusal = summary_of(*last);
        for (auto const& [version, tried] : lanes) {
            SpokenVersion spoken{
                .version = version, .cipher_suites = {}, .groups = {}, .signature_algorithms = {}};
            auto& codes = spoken.cipher_suites.codes;
            for (auto const& one : tried)
                codes.insert(codes.end(), one->accepted().begin(), one->accepted().end());
            if (!codes.empty()) found_.versions.push_back(std::move(spoken));
        }
        if (!found_.versions.empty()) found_.refusal.clear();
    }

    /// As clearly as that a shorter list makes no difference.
    static bool says_no_to_version(Elimination<std::uint16_t> const& lane) {
        auto const& last = lane.last();
        if (!last || last->choice || !last->failure) return true;
        auto const& failure = *last->failure;
        return failure.phase < tls::Phase::client_hello ||
               (failure.alert && failure.alert->description == tls::AlertDescription::protocol_version);
    }

    /// The highest version before TLS 1.3; null: none.
    SpokenVersion* highest_old() {
        auto const old =
            std::ranges::find_if(found_.versions, [](auto const& v) { return v.version < tls1_3; });
        return old == found_.versions.end() ? nullptr : &*old;
    }

    SpokenVersion* tls13() {
        return found_.versions.front().version == tls1_3 ? &found_.versions.front() : nullptr;
    }

    void look_in_each_version() {
        std::vector<SingleLane> reversed;
        for (auto const& spoken : found_.versions)
            reversed.push_back(
                once_reversed(hello_of(spoken), &PlainHello::cipher_suites, spoken.cipher_suites.codes));
        CodeLane groups13, groups, signatures;
        SingleLane features, dh;
        if (auto const* const spoken = tls13()) {
            auto hello = hello_of(*spoken);
            hello.key_shares.clear(); // so that it has to say which one it wants
            groups13 = eliminate(std::move(hello), &PlainHello::groups, group_of);
        }
        auto* const old = highest_old();
        if (old) {
            auto hello = hello_of(*old);
            hello.deflate = hello.status_request = true;
            features = once(std::move(hello));
            if (auto suites = offers::with_ecdhe(old->cipher_suites.codes); !suites.empty())
                groups = eliminate(hello_of(old->version, std::move(suites)), &PlainHello::groups, group_of);
            if (auto suites = offers::with_dhe(old->cipher_suites.codes); !suites.empty())
                dh = once(hello_of(old->version, std::move(suites)));
            if (auto suites = offers::signed_ones(old->cipher_suites.codes);
                old->version == tls1_2 && !suites.empty())
                signatures = eliminate(hello_of(tls1_2, std::move(suites)), &PlainHello::signature_algorithms,
                                       signature_of);
        }
        SingleLane fallback;
        if (found_.versions.size() > 1) {
            auto hello = hello_of(found_.versions[1]);
            hello.fallback_scsv = true;
            fallback = once(std::move(hello));
        }
        ask_round();

        for (std::size_t i = 0; i < reversed.size(); ++i)
            if (auto const answer = reversed[i] ? reversed[i]->answered() : std::nullopt) {
                auto& suites = found_.versions[i].cipher_suites;
                suites.decides = who_decides(suites.codes, suite_of(*answer));
            }
        if (groups13) tls13()->groups.codes = groups13->accepted();
        if (groups) old->groups.codes = groups->accepted();
        if (signatures) old->signature_algorithms.codes = signatures->accepted();
        if (auto const answer = features ? features->answered() : std::nullopt) note_features(*answer);
        if (auto const answer = dh ? dh->answered() : std::nullopt) found_.dh_bits = answer->dh_bits;
        if (fallback && fallback->answer()) {
            auto const& failure = fallback->answer()->failure;
            found_.fallback_scsv =
                failure && failure->alert &&
                failure->alert->description == tls::AlertDescription::inappropriate_fallback;
        }
        if (tls13()) found_.downgrade_marked = marked_;
    }

    void note_features(Answer const& answer) {
        auto const& choice = *answer.choice;
        found_.secure_renegotiation = choice.secure_renegotiation;
        found_.extended_master_secret = choice.extended_master_secret;
        found_.compression = choice.compression;
        found_.tickets = choice.session_ticket;
        found_.stapled = answer.stapled;
    }

    /// What it encrypts can be read where one of our key shares is taken; before TLS 1.3 there is nothing to
    /// be opened.
    PlainHello hello_to_read() {
        if (auto const* const spoken = tls13()) {
            auto hello = hello_of(*spoken);
            hello.groups = offers::shared_groups(spoken->groups.codes);
            hello.key_shares = hello.groups;
            if (!hello.groups.empty() || found_.versions.size() == 1) return hello;
        }
        return hello_of(*highest_old());
    }

    void look_at_preferences() {
        auto hello = hello_to_read();
        auto const reads_tls13 = hello.versions.front() == tls1_3;
        auto const protocols = [&](std::vector<std::string> names) {
            auto asking = hello;
            asking.alpn = std::move(names);
            return asking;
        };
        auto const alpn = lane(std::make_shared<Elimination<std::string>>(
            protocols({"h2", "http/1.1", "http/1.0"}), &PlainHello::alpn, protocol_of));
        auto const unknown_protocol = once(protocols({"alert40-unknown"}));
        CodeLane signatures;
        SingleLane stapled;
        if (reads_tls13) {
            signatures = eliminate(hello, &PlainHello::signature_algorithms, signature_of);
            auto asking = hello;
            asking.status_request = true;
            stapled = once(std::move(asking));
        }
        std::vector<SingleLane> groups;
        for (auto const& spoken : found_.versions) {
            auto asking = hello_of(spoken);
            asking.key_shares.clear();
            if (spoken.version < tls1_3)
                asking.cipher_suites = offers::with_ecdhe(spoken.cipher_suites.codes);
            groups.push_back(once_reversed(std::move(asking), &PlainHello::groups, spoken.groups.codes));
        }
        ask_round();

        for (std::size_t i = 0; i < groups.size(); ++i)
            if (auto const answer = groups[i] ? groups[i]->answered() : std::nullopt) {
                auto& accepted = found_.versions[i].groups;
                accepted.decides = who_decides(accepted.codes, group_of(*answer));
            }
        if (signatures) tls13()->signature_algorithms.codes = signatures->accepted();
        if (auto const answer = stapled ? stapled->answered() : std::nullopt)
            found_.stapled = answer->stapled;
        found_.alpn = alpn->accepted();
        if (auto const& answer = unknown_protocol->answer()) found_.unknown_protocol = taken_as(*answer);
        look_at_last_preferences(protocols(found_.alpn));
    }

    static UnknownProtocol taken_as(Answer const& answer) {
        if (answer.works())
            return answer.alpn.empty() ? UnknownProtocol::passed_over : UnknownProtocol::answered;
        bool const refused = answer.failure && answer.failure->alert;
        return refused ? UnknownProtocol::refused : UnknownProtocol::unknown;
    }

    void look_at_last_preferences(PlainHello const& with_protocols) {
        auto const alpn = once_reversed(with_protocols, &PlainHello::alpn, found_.alpn);
        std::vector<std::pair<Accepted*, SingleLane>> signatures;
        for (auto& spoken : found_.versions) {
            auto asking = spoken.version == tls1_3
                              ? hello_to_read()
                              : hello_of(spoken.version, offers::signed_ones(spoken.cipher_suites.codes));
            auto& accepted = spoken.signature_algorithms;
            signatures.emplace_back(
                &accepted,
                once_reversed(std::move(asking), &PlainHello::signature_algorithms, accepted.codes));
        }
        ask_round();
        if (auto const answer = alpn ? alpn->answered() : std::nullopt)
            found_.alpn_decides = who_decides(found_.alpn, protocol_of(*answer));
        for (auto const& [accepted, reversed] : signatures)
            if (auto const answer = reversed ? reversed->answered() : std::nullopt)
                accepted->decides = who_decides(accepted->codes, answer->signature);
    }

    Ask const& ask_;
    std::string const& server_name_;
    std::vector<std::shared_ptr<Lane>> round_; ///< shared with whoever reads the lane's result
    std::vector<std::vector<std::vector<std::uint8_t>>> chains_; ///< those of `found_`, as they came
    std::optional<bool> marked_;
    Inventory found_;
};

} // namespace

Inventory survey(Ask const& ask, std::string const& server_name) {
    return Survey(ask, server_name).run();
}

} // namespace alert40::diagnose
