#include "diagnose/verdict/search.hpp"

#include "diagnose/verdict/certificate_verdict.hpp"
#include "diagnose/verdict/hello_change.hpp"

#include <algorithm>
#include <iterator>

namespace alert40::diagnose {
namespace {

using tls::FailureKind;
using tls::Phase;

constexpr unsigned repeats = 2;          ///< of the unchanged handshake, before anything is changed
constexpr unsigned confirmations = 3;    ///< of both handshakes that differ in the change that mends it
constexpr unsigned tries_an_address = 4; ///< where it fails now and then
constexpr unsigned tries_in_all = 8;     ///< there, where there are few addresses
constexpr std::size_t most_addresses = 4;
constexpr unsigned silent_at_once = 4; ///< where each takes its whole time limit

bool works(Observation const& observation) {
    return observation.works();
}

/// The server answers now, and only its certificate remains to be objected to.
bool comes_to_the_certificate(Observation const& failed, Observation const& observation) {
    auto const* const failure = observation.failure();
    return failed.failure()->phase < Phase::certificate && failure && failure->kind == FailureKind::verify;
}

class Search {
  public:
    Search(Prober& prober, Trial const& base, Means const& means)
        : prober_(prober)
        , means_(means) {
        findings_.target = prober.target();
        findings_.base = base;
    }

    Findings run() {
        try {
            look();
        } catch (OutOfHandshakes const& end) {
            findings_.stopped = end.what();
        }
        return std::move(findings_);
    }

  private:
    void look() {
        unchanged(1);
        if (findings_.first().works()) return compare_what_works();
        unchanged(repeats);
        if (findings_.intermittent()) return count_addresses();
        if (!by_a_certificate() && !by_another_way() && !by_another_check() && !by_one_change() &&
            !by_all_changes())
            return by_raw_hellos();
        ask_about_the_version();
        ask_about_the_groups();
        confirm();
    }

    /// Where each would take its whole time limit, they share it.
    std::vector<Observation> repeat(Trial const& trial, unsigned times, bool silent) {
        return prober_.try_all(std::vector<Trial>(times, trial), silent ? silent_at_once : 1);
    }

    void unchanged(unsigned times) {
        bool const silent = !findings_.unchanged.empty() && silent_now();
        for (auto& one : repeat(findings_.base, times, silent))
            findings_.unchanged.push_back(std::move(one));
    }

    bool silent_now() const {
        auto const* const failure = findings_.unchanged.back().failure();
        return failure && failure->kind == FailureKind::timeout;
    }

    Observation const& failed() const { return *findings_.failed(); }

    Observation try_with(std::vector<Change> changes) {
        auto const trial = with(findings_.base, changes);
        auto const observation = prober_.try_once(trial);
        findings_.tried.push_back({std::move(changes), trial, observation});
        return observation;
    }

    bool mends(Observation const& observation) const {
        return works(observation) || comes_to_the_certificate(failed(), observation);
    }

    bool found(std::vector<Change> changes, Observation const& observation) {
        if (!mends(observation)) return false;
        findings_.mends = std::move(changes);
        findings_.mended = {observation};
        return true;
    }

    // ---- where it works

    /// What other apps do differently, and what their failure would look like.
    void compare_what_works() {
        std::vector<Change> changes;
        if (findings_.first().report.handshake.negotiated) changes.push_back(resumption_change());
        if (std::ranges::count(findings_.base.profile.alpn, "h2") != 0)
            changes.push_back(change_named("alpn-http1"));
        changes.push_back(segments_change());
        std::ranges::move(other_ways(), std::back_inserter(changes));
        if (auto const* const chromium = bundled_hello("chromium"))
            changes.push_back(hello_change(*chromium, findings_.target));
        for (auto const& change : changes) {
            if (try_with({change}).works()) continue;
            if (!fails_each_time(change)) return count_addresses();
            if (change.name.starts_with("hello:"))
                findings_.bisect = prober_.bisect(with(findings_.base, {change}));
        }
    }

    /// A failure that is the change's own comes again, and the unchanged handshake still works.
    bool fails_each_time(Change const& change) {
        std::vector<Observation> again;
        for (unsigned i = 0; i < repeats; ++i) {
            unchanged(1); // which also leaves the session that a resumption takes
            again.push_back(prober_.try_once(with(findings_.base, {change})));
        }
        findings_.flaps = std::ranges::any_of(again, works) || findings_.failures() != 0;
        return !findings_.flaps;
    }

    static Change resumption_change() {
        return {.name = "resumption", .words = "with the session of the first one", .apply = [](Trial& t) {
                    t.resumption = true;
                }};
    }

    static Change segments_change() {
        return {.name = "segments", .words = "with the ClientHello in two segments", .apply = [](Trial& t) {
                    t.profile.split_hello = {.mode = tls::SplitHello::Mode::segment, .at = 64};
                }};
    }

    // ---- where it fails now and then

    void count_addresses() {
        auto addresses = other_addresses();
        if (auto const& used = failed().report.address; !used.empty())
            addresses.insert(addresses.begin(), used);
        if (addresses.empty()) addresses.push_back(findings_.first().report.address);
        auto const tries =
            std::max<unsigned>(tries_an_address, tries_in_all / static_cast<unsigned>(addresses.size()));
        for (auto const& address : addresses) {
            AtAddress count{.address = address};
            for (unsigned i = 0; i < tries; ++i) {
                bool const worked = try_with({address_change(address)}).works();
                ++count.tries;
                if (!worked) ++count.failures;
            }
            findings_.addresses.push_back(count);
        }
    }

    // ---- where it always fails

    bool by_a_certificate() {
        if (!means_.client_certificate || !failed().report.handshake.certificate_requested) return false;
        auto const change = client_certificate_change(*means_.client_certificate);
        return found({change}, try_with({change}));
    }

    /// Of a certificate that is not accepted: by the clock, by other authorities, and who made it.
    bool by_another_check() {
        if (failed().failure()->kind != FailureKind::verify) return false;
        auto const& report = failed().report;
        if (objects_to_the_issuer(*failed().failure())) return by_other_authorities();
        auto const validity = validity_of(report.handshake.certificates, report.started);
        if (!validity.now && validity.nearest) try_with({validity_change(*validity.nearest)});
        return false; // nobody wants to live in another time
    }

    bool by_other_authorities() {
        auto const system = system_store_change();
        if (!findings_.base.profile.verify.ca_file.empty() && found({system}, try_with({system})))
            return true;
        try_with({nobodys_name_change()});
        return false;
    }

    bool by_another_way() {
        std::vector<Change> ways;
        if (failed().report.via != "direct" && !failed().report.via.empty()) ways.push_back(direct_change());
        std::ranges::move(other_ways(), std::back_inserter(ways));
        return std::ranges::any_of(ways, [this](Change const& way) { return found({way}, try_with({way})); });
    }

    bool by_one_change() {
        auto changes = handshake_changes(findings_.base, failed());
        if (failed().failure()->kind == FailureKind::timeout) return by_one_of_them_at_once(changes);
        for (auto& change : changes) {
            auto const observation = try_with({change});
            if (proves_only(change) || !found({change}, observation)) continue;
            if (change.name.starts_with("all-")) narrow_down(observation);
            if (change.name == "alpn-http1") try_the_order();
            if (change.name == "suite-less") try_with({other_group_first_change()});
            if (change.name == "no-server-name") try_to_keep_the_name();
            return true;
        }
        return false;
    }

    /// What reads the name on the path may not put records together.
    void try_to_keep_the_name() {
        if (!is_cut(*failed().failure())) return;
        auto const split = change_named("split-hello");
        found({split}, try_with({split}));
    }

    /// Where a hello was refused for its ALPN, another order may do.
    void try_the_order() {
        auto const order = http1_first_change();
        if (failed().report.failure) found({order}, try_with({order}));
    }

    /// It tells something, but nobody could live with it.
    static bool proves_only(Change const& change) { return change.name == "other-server-name"; }

    bool by_one_of_them_at_once(std::vector<Change> const& changes) {
        std::vector<Trial> trials;
        for (auto const& change : changes)
            trials.push_back(with(findings_.base, {change}));
        auto const observations = prober_.try_all(trials, silent_at_once);
        for (std::size_t i = 0; i < changes.size(); ++i)
            findings_.tried.push_back({{changes[i]}, trials[i], observations[i]});
        for (std::size_t i = 0; i < changes.size(); ++i)
            if (!proves_only(changes[i]) && found({changes[i]}, observations[i])) return true;
        return false;
    }

    /// Every change that widens the offer together; then without each of them, as long as it works.
    bool by_all_changes() {
        if (handshake_changes(findings_.base, failed()).empty() ||
            failed().failure()->kind == FailureKind::timeout)
            return false;
        auto changes = widening_changes(findings_.base, failed());
        if (changes.empty()) return false;
        if (!found(changes, try_with(changes))) return false;
        for (std::size_t i = 0; i < changes.size() && changes.size() > 1;) {
            auto fewer = changes;
            fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
            if (found(fewer, try_with(fewer)))
                changes = std::move(fewer);
            else
                ++i;
        }
        narrow_down(findings_.mended.back());
        return true;
    }

    /// What no library here can offer can still be said, and the answer be read.
    void by_raw_hellos() {
        auto const* const ours = bundled_hello("openssl");
        auto const& failure = *failed().failure();
        // Of the name they would learn nothing, and what is stronger was tried.
        bool const settled =
            failure.alert && (failure.alert->description == tls::AlertDescription::unrecognized_name ||
                              failure.alert->description == tls::AlertDescription::insufficient_security);
        bool const refused = failed().report.failure && failure.phase == Phase::client_hello && !settled &&
                             failure.kind != FailureKind::timeout && failure.kind != FailureKind::not_tls;
        if (!ours || !refused || goes_by_fingerprint()) return;
        findings_.bisect = prober_.bisect(with(findings_.base, {hello_change(*ours, findings_.target)}));
    }

    /// The hello of a client is answered byte for byte, and refused with anything more in it, whatever that
    /// is.
    bool goes_by_fingerprint() {
        for (auto const& one : bundled_hellos()) {
            auto const change = hello_change(one, findings_.target);
            if (!try_with({change}).works()) continue;
            auto const trial = with(findings_.base, {change});
            auto const refused = [this](Observation const& seen) {
                return seen.failure() && fail_alike(*seen.failure(), *failed().failure());
            };
            return refused(try_with({with_a_suite_more(trial)})) &&
                   refused(try_with({with_an_extension_more(trial)})) && try_with({change}).works();
        }
        return false;
    }

    /// Where TLS 1.2 mends it: does the server know that it could do better (RFC 7507)?
    void ask_about_the_version() {
        if (findings_.mends.size() == 1 && findings_.mends.front().name == "tls12")
            try_with({findings_.mends.front(), fallback_change()});
    }

    /// Suites without ECDHE mend it: is there really none, or only no group that this library has?
    void ask_about_the_groups() {
        if (findings_.mends.size() != 1 || !findings_.mended.back().report.handshake.negotiated) return;
        auto const& suite = findings_.mended.back().report.handshake.negotiated->cipher_suite;
        if (!suite.starts_with("TLS_DHE_") && !suite.starts_with("TLS_RSA_")) return;
        try_with({every_group_change(findings_.target)});
    }

    static Change fallback_change() {
        return {.name = "fallback-scsv", .words = "TLS_FALLBACK_SCSV", .apply = [](Trial& t) {
                    t.fallback_scsv = true;
                }};
    }

    /// Of a wide offer the server has chosen something: that alone will do.
    void narrow_down(Observation const& observation) {
        if (!observation.report.handshake.negotiated) return;
        for (auto const& chosen : chosen_alone(findings_.base, *observation.report.handshake.negotiated)) {
            auto narrow = findings_.mends;
            auto const wide = std::ranges::find_if(
                narrow, [&](Change const& change) { return change.name == "all-" + chosen.name + "s"; });
            if (wide == narrow.end()) continue;
            *wide = chosen;
            found(narrow, try_with(narrow));
        }
    }

    /// Both several times more: what differs has to be the change, and not the time.
    void confirm() {
        unchanged(confirmations);
        auto const again = repeat(with(findings_.base, findings_.mends), confirmations - 1, false);
        findings_.mended.insert(findings_.mended.end(), again.begin(), again.end());
        bool const same = std::ranges::all_of(again, [this](auto const& seen) { return mends(seen); });
        if (same && !findings_.intermittent()) return;
        findings_.flaps = true;
        findings_.mends.clear();
        findings_.mended.clear();
        count_addresses();
    }

    /// Each other address of the target, and each other resolver.
    std::vector<Change> other_ways() {
        std::vector<Change> ways;
        for (auto const& address : other_addresses())
            ways.push_back(address_change(address));
        for (auto const& resolver : means_.resolvers)
            ways.push_back(resolver_change(resolver));
        return ways;
    }

    std::vector<std::string> other_addresses() {
        if (findings_.base.address || failed_or_first().report.via != "direct") return {};
        auto const answer = prober_.look_up(findings_.base.resolver);
        std::vector<std::string> others;
        if (!answer) return others;
        for (auto const& one : *answer)
            if (one.address != failed_or_first().report.address && others.size() + 1 < most_addresses)
                others.push_back(one.address);
        return others;
    }

    Observation const& failed_or_first() const {
        auto const* const failed = findings_.failed();
        return failed ? *failed : findings_.first();
    }

    Prober& prober_;
    Means const& means_;
    Findings findings_;
};

} // namespace

Findings search(Prober& prober, Trial const& base, Means const& means) {
    return Search(prober, base, means).run();
}

} // namespace alert40::diagnose
