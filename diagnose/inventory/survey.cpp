#include "diagnose/inventory/survey.hpp"

#include "diagnose/inventory/offers.hpp"
#include "diagnose/inventory/round.hpp"
#include "tls/engine/summarize_der.hpp"

#include <map>

namespace alert40::diagnose {
namespace {

constexpr std::uint16_t tls1_2 = 0x0303, tls1_3 = 0x0304;

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
            look_at_each_version();
            look_inside();
            look_at_orders();
            if (tls13()) found_.downgrade_marked = marked_;
        }
        return std::move(found_);
    }

  private:
    using Codes = std::vector<std::uint16_t>;
    using CodeList = Codes PlainHello::*;
    using CodeElimination = Elimination<std::uint16_t>;

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

    /// One that makes the server say a group; without key shares, so that in TLS 1.3 it says which one it
    /// wants.
    PlainHello hello_for_group(SpokenVersion const& spoken) const {
        auto hello = hello_of(spoken);
        if (spoken.version < tls1_3) hello.cipher_suites = offers::with_ecdhe(hello.cipher_suites);
        hello.key_shares.clear();
        return hello;
    }

    /// One whose answer can be read whole: in TLS 1.3 with a key share that is taken. Nothing: there is none.
    std::optional<PlainHello> hello_to_read(SpokenVersion const& spoken) const {
        auto hello = hello_of(spoken);
        if (spoken.version < tls1_3) return hello;
        hello.groups = hello.key_shares = offers::shared_groups(spoken.groups.codes);
        return hello.groups.empty() ? std::nullopt : std::optional(hello);
    }

    /// One that makes the server sign.
    std::optional<PlainHello> hello_for_signature(SpokenVersion const& spoken) const {
        if (spoken.version < tls1_2) return std::nullopt;
        auto hello = hello_to_read(spoken);
        if (hello && spoken.version == tls1_2)
            hello->cipher_suites = offers::signed_ones(hello->cipher_suites);
        return hello && !hello->cipher_suites.empty() ? hello : std::nullopt;
    }

    SpokenVersion* tls13() {
        return found_.versions.front().version == tls1_3 ? &found_.versions.front() : nullptr;
    }

    /// The highest version before TLS 1.3; null: none.
    SpokenVersion* highest_old() {
        auto const old =
            std::ranges::find_if(found_.versions, [](auto const& v) { return v.version < tls1_3; });
        return old == found_.versions.end() ? nullptr : &*old;
    }

    void ask(Round const& round) {
        while (found_.stopped.empty()) {
            auto const asking = round.asking();
            if (asking.empty()) break;
            std::vector<PlainHello> questions;
            for (auto const* const lane : asking)
                questions.push_back(*lane->next());
            auto const answers = ask_(questions);
            for (std::size_t i = 0; i < std::min(answers.size(), asking.size()); ++i) {
                note(questions[i], answers[i]);
                asking[i]->take(answers[i]);
            }
            if (answers.size() < asking.size()) found_.stopped = "no more could be asked";
        }
        found_.wavers |= round.wavered();
        round.over();
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
        std::map<std::uint16_t, Codes, std::greater<>> accepted;
        std::vector<std::uint16_t> unclear; ///< a list this long is too much for some: it is asked in parts
        Round round, parts;
        for (auto const version : offers::versions)
            round.add(CodeElimination(hello_of(version, offers::cipher_suites(version)),
                                      &PlainHello::cipher_suites, suite_of),
                      [&, version](CodeElimination const& lane) {
                          accepted[version] = lane.accepted();
                          if (lane.accepted().empty() && !says_no_to_version(lane))
                              unclear.push_back(version);
                          if (version == tls1_2 && lane.last()) found_.refusal = summary_of(*lane.last());
                      });
        ask(round);
        for (auto const version : unclear)
            for (auto& part : offers::in_parts(offers::cipher_suites(version)))
                parts.add(
                    CodeElimination(hello_of(version, std::move(part)), &PlainHello::cipher_suites, suite_of),
                    [&, version](CodeElimination const& lane) {
                        auto& codes = accepted[version];
                        codes.insert(codes.end(), lane.accepted().begin(), lane.accepted().end());
                    });
        ask(parts);
        for (auto const& [version, codes] : accepted)
            if (!codes.empty())
                found_.versions.push_back({.version = version,
                                           .cipher_suites = {codes, Decides::unknown},
                                           .groups = {},
                                           .signature_algorithms = {}});
        if (!found_.versions.empty()) found_.refusal.clear();
    }

    /// As clearly as that a shorter list makes no difference.
    static bool says_no_to_version(CodeElimination const& lane) {
        auto const& last = lane.last();
        if (!last || last->choice || !last->failure) return true;
        auto const& failure = *last->failure;
        return failure.phase < tls::Phase::client_hello ||
               (failure.alert && failure.alert->description == tls::AlertDescription::protocol_version);
    }

    void look_at_each_version() {
        Round round;
        for (auto& spoken : found_.versions)
            add_order(round, hello_of(spoken), &PlainHello::cipher_suites, spoken.cipher_suites, suite_of);
        for (auto* const spoken : {tls13(), highest_old()})
            if (spoken) add_groups(round, *spoken);
        if (auto* const old = highest_old()) {
            add_features(round, *old);
            add_dh(round, *old);
        }
        if (found_.versions.size() > 1) add_fallback(round, found_.versions[1]);
        ask(round);
    }

    /// What the server encrypts in TLS 1.3, and can be read now that the groups are known.
    void look_inside() {
        Round round;
        for (auto* const spoken : {tls13(), highest_old()})
            if (auto hello = spoken ? hello_for_signature(*spoken) : std::nullopt)
                round.add(CodeElimination(*std::move(hello), &PlainHello::signature_algorithms, signature_of),
                          [spoken](CodeElimination const& lane) {
                              spoken->signature_algorithms.codes = lane.accepted();
                          });
        if (auto hello = tls13() ? hello_to_read(*tls13()) : std::nullopt) {
            hello->status_request = true;
            round.add(Single(*std::move(hello)), [this](Single const& lane) {
                if (auto const answer = lane.answered()) found_.stapled = answer->stapled;
            });
        }
        add_protocols(round);
        ask(round);
    }

    /// Who decides, of the lists that are known now.
    void look_at_orders() {
        Round round;
        for (auto* const spoken : {tls13(), highest_old()}) {
            if (!spoken) continue;
            add_order(round, hello_for_group(*spoken), &PlainHello::groups, spoken->groups, group_of);
            if (auto hello = hello_for_signature(*spoken))
                add_order(round, *std::move(hello), &PlainHello::signature_algorithms,
                          spoken->signature_algorithms, signature_of);
        }
        if (auto hello = hello_for_protocols(); found_.alpn.size() > 1) {
            hello.alpn.assign(found_.alpn.rbegin(), found_.alpn.rend());
            round.add(Single(std::move(hello)), [this](Single const& lane) {
                if (auto const answer = lane.answered())
                    found_.alpn_decides = who_decides(found_.alpn, protocol_of(*answer));
            });
        }
        ask(round);
    }

    /// Who decides: what was taken is offered once more the other way round.
    static void add_order(Round& round, PlainHello hello, CodeList list, Accepted& accepted,
                          CodeElimination::Chosen chosen) {
        if (accepted.codes.size() < 2) return;
        (hello.*list).assign(accepted.codes.rbegin(), accepted.codes.rend());
        round.add(Single(std::move(hello)), [&accepted, chosen](Single const& lane) {
            if (auto const answer = lane.answered())
                accepted.decides = who_decides(accepted.codes, chosen(*answer));
        });
    }

    /// Up to TLS 1.2 a server with an ECDSA certificate wants to be offered the curve of that as well.
    void add_groups(Round& round, SpokenVersion& spoken) const {
        auto hello = hello_for_group(spoken);
        if (hello.cipher_suites.empty()) return;
        bool const puts_back = spoken.version < tls1_3;
        round.add(CodeElimination(std::move(hello), &PlainHello::groups, group_of, puts_back),
                  [&spoken](CodeElimination const& lane) { spoken.groups.codes = lane.accepted(); });
    }

    void add_features(Round& round, SpokenVersion const& old) {
        auto hello = hello_of(old);
        hello.deflate = hello.status_request = true;
        round.add(Single(std::move(hello)), [this](Single const& lane) {
            auto const answer = lane.answered();
            if (!answer) return;
            auto const& choice = *answer->choice;
            found_.secure_renegotiation = choice.secure_renegotiation;
            found_.extended_master_secret = choice.extended_master_secret;
            found_.compression = choice.compression;
            found_.tickets = choice.session_ticket;
            found_.stapled = answer->stapled;
        });
    }

    void add_dh(Round& round, SpokenVersion const& old) {
        auto suites = offers::with_dhe(old.cipher_suites.codes);
        if (suites.empty()) return;
        round.add(Single(hello_of(old.version, std::move(suites))), [this](Single const& lane) {
            if (auto const answer = lane.answered()) found_.dh_bits = answer->dh_bits;
        });
    }

    void add_fallback(Round& round, SpokenVersion const& second_best) {
        auto hello = hello_of(second_best);
        hello.fallback_scsv = true;
        round.add(Single(std::move(hello)), [this](Single const& lane) {
            if (!lane.answer()) return;
            auto const& failure = lane.answer()->failure;
            found_.fallback_scsv =
                failure && failure->alert &&
                failure->alert->description == tls::AlertDescription::inappropriate_fallback;
        });
    }

    /// In the highest version in which the answer can be read.
    PlainHello hello_for_protocols() {
        auto const& best = found_.versions.front();
        if (auto hello = hello_to_read(best)) return *std::move(hello);
        return hello_of(highest_old() ? *highest_old() : best);
    }

    void add_protocols(Round& round) {
        using Protocols = Elimination<std::string>;
        auto hello = hello_for_protocols();
        hello.alpn = {"h2", "http/1.1", "http/1.0"};
        round.add(Protocols(hello, &PlainHello::alpn, protocol_of),
                  [this](Protocols const& lane) { found_.alpn = lane.accepted(); });
        hello.alpn = {"alert40-unknown"};
        round.add(Single(hello), [this](Single const& lane) {
            if (lane.answer()) found_.unknown_protocol = taken_as(*lane.answer());
        });
    }

    static UnknownProtocol taken_as(Answer const& answer) {
        if (answer.works())
            return answer.alpn.empty() ? UnknownProtocol::passed_over : UnknownProtocol::answered;
        bool const refused = answer.failure && answer.failure->alert;
        return refused ? UnknownProtocol::refused : UnknownProtocol::unknown;
    }

    Ask const& ask_;
    std::string const& server_name_;
    std::vector<std::vector<std::vector<std::uint8_t>>> chains_; ///< those of `found_`, as they came
    std::optional<bool> marked_;                                 ///< by a downgrade mark
    Inventory found_;
};

} // namespace

Inventory survey(Ask const& ask, std::string const& server_name) {
    return Survey(ask, server_name).run();
}

} // namespace alert40::diagnose
