#include "diagnose/inventory/take_inventory.hpp"

#include "diagnose/inventory/certificate_flaws.hpp"
#include "diagnose/inventory/survey.hpp"
#include "tls/engine/capabilities.hpp"
#include "tls/version.hpp"
#include "tls/wire/iana.hpp"

#include <algorithm>

namespace alert40::diagnose {
namespace {

namespace iana = tls::wire::iana;
using Codes = std::vector<std::uint16_t>;

constexpr unsigned at_once = 4;

std::string server_name_of(policy::Origin const& target, tls::ServerName const& how) {
    using Mode = tls::ServerName::Mode;
    if (how.mode == Mode::none) return {};
    if (how.mode == Mode::fixed) return how.name;
    bool const address =
        target.host.find(':') != std::string::npos ||
        std::ranges::all_of(target.host, [](char c) { return c == '.' || (c >= '0' && c <= '9'); });
    return address ? std::string{} : target.host;
}

/// Asks over the prober's network, and remembers why it no longer can.
class Questions {
  public:
    Questions(Prober& prober, Trial trial)
        : prober_(prober)
        , trial_(std::move(trial)) {}

    std::vector<Answer> operator()(std::span<PlainHello const> hellos) {
        std::vector<Trial> trials;
        for (auto const& hello : hellos.first(std::min<std::size_t>(hellos.size(), prober_.left()))) {
            trials.push_back(trial_);
            trials.back().hello = built(hello);
        }
        if (trials.size() < hellos.size())
            stopped = "the " + std::to_string(prober_.limits().handshakes) +
                      " handshakes that were allowed are used up";
        try {
            return prober_.probe_all(trials, at_once);
        } catch (OutOfHandshakes const& why) {
            stopped = why.what();
            return {};
        }
    }

    std::string stopped;

  private:
    Prober& prober_;
    Trial trial_;
};

/// Whether a second handshake with this profile resumes the session of the first. Nothing: there is none.
std::optional<bool> resumes(Prober& prober, Trial trial, std::vector<std::string> const& alpn,
                            tls::ProtocolVersion version, bool tickets) {
    auto& profile = trial.profile;
    auto const trust = profile.verify;
    auto const name = profile.server_name;
    profile = *tls::built_in_profile("legacy");
    profile.name = "inventory";
    profile.server_name = name;
    profile.min_version = profile.max_version = version;
    profile.tickets = tickets;
    profile.alpn = alpn;
    profile.verify = trust;
    profile.verify.mode = tls::Verify::Mode::none;
    // Tickets of TLS 1.3 come behind the handshake, and a server forgets a session that ends in the middle.
    trial.visits = true;
    if (auto const first = prober.try_once(trial); first.report.failure) return std::nullopt;
    trial.resumption = true;
    trial.visits = false;
    auto const second = prober.try_once(trial);
    auto const& negotiated = second.report.handshake.negotiated;
    return !second.report.failure && negotiated && negotiated->resumed;
}

void look_at_resumption(Prober& prober, Trial const& trial, Inventory& found) {
    using tls::ProtocolVersion;
    bool const http1 = found.alpn.empty() || std::ranges::find(found.alpn, "http/1.1") != found.alpn.end();
    auto const alpn = http1 ? std::vector<std::string>{"http/1.1"} : found.alpn;
    if (find_version(found, static_cast<std::uint16_t>(ProtocolVersion::tls1_3)))
        found.resumes_psk = resumes(prober, trial, alpn, ProtocolVersion::tls1_3, true);
    for (auto const version : {ProtocolVersion::tls1_2, ProtocolVersion::tls1_1, ProtocolVersion::tls1_0})
        if (find_version(found, static_cast<std::uint16_t>(version))) {
            found.resumes_session_id = resumes(prober, trial, alpn, version, false);
            if (found.tickets.value_or(false))
                found.resumes_ticket = resumes(prober, trial, alpn, version, true);
            return;
        }
}

/// Our own library's word on the chain, with the trust store of `trial`.
void look_at_trust(Prober& prober, Trial trial, Inventory& found) {
    trial.visits = false;
    auto const seen = prober.try_once(trial);
    auto const* const failure = seen.failure();
    if (failure && failure->kind == tls::FailureKind::verify) found.not_trusted = failure->detail;
}

void name_unknown(Codes const& codes, iana::Registry registry, std::vector<std::string> const& known,
                  std::vector<std::string>& unknown) {
    for (auto const code : codes) {
        auto name = iana::spelled(registry, code);
        if (std::ranges::find(known, name) == known.end() &&
            std::ranges::find(unknown, name) == unknown.end() &&
            tls::engine::openssl_cipher_name(name).empty())
            unknown.push_back(std::move(name));
    }
}

std::vector<std::string> unavailable_of(Inventory const& found) {
    std::vector<std::string> unavailable;
    auto const suites = tls::engine::known_names("cipher_suites");
    auto const groups = tls::engine::known_names("groups");
    for (auto const& spoken : found.versions) {
        if (spoken.version == static_cast<std::uint16_t>(tls::ProtocolVersion::ssl3))
            unavailable.emplace_back("SSL 3.0");
        name_unknown(spoken.cipher_suites.codes, iana::cipher_suites(), suites, unavailable);
        name_unknown(spoken.groups.codes, iana::named_groups(), groups, unavailable);
    }
    return unavailable;
}

} // namespace

Inventory take_inventory(Prober& prober, Trial const& base) {
    auto const before = prober.used();
    Questions questions(prober, base);
    auto found = survey(std::ref(questions), server_name_of(prober.target(), base.profile.server_name));
    if (!found.stopped.empty()) found.stopped = questions.stopped;
    if (found.stopped.empty() && !found.versions.empty()) {
        try {
            look_at_resumption(prober, base, found);
            look_at_trust(prober, base, found);
        } catch (OutOfHandshakes const& why) {
            found.stopped = why.what();
        }
    }
    for (auto& chain : found.chains)
        chain.flaws =
            certificate_flaws(chain.certificates, prober.target().host, std::chrono::system_clock::now());
    found.unavailable = unavailable_of(found);
    found.handshakes = prober.used() - before;
    return found;
}

} // namespace alert40::diagnose
