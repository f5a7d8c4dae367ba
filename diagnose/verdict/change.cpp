#include "diagnose/verdict/change.hpp"

#include "record/timestamp.hpp"
#include "tls/engine/capabilities.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace alert40::diagnose {
namespace {

using tls::FailureKind;
using tls::ProtocolVersion;

constexpr std::string_view everything_certified = "ALL:!aNULL:!eNULL:!PSK:!SRP";
constexpr std::array<std::string_view, 3> usual_tls13_suites{
    "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256"};

void add_ciphers(Trial& trial, std::string_view more) {
    auto& ciphers = trial.profile.ciphers;
    if (ciphers.empty()) ciphers = tls::strong_ciphers;
    ciphers += ":" + std::string(more);
}

void name_of_its_own(Trial& trial, std::string name) {
    trial.profile.server_name = {.mode = tls::ServerName::Mode::fixed, .name = std::move(name)};
    trial.profile.verify.mode = tls::Verify::Mode::none; // the answer is what matters
    trial.visits = false;
}

void like(Trial& trial, std::string_view profile) {
    auto const& model = *tls::built_in_profile(profile);
    auto changed = trial.profile;
    changed.ciphers = model.ciphers;
    changed.cipher_suites = model.cipher_suites;
    changed.groups = model.groups;
    changed.signature_algorithms = model.signature_algorithms;
    changed.tickets = model.tickets;
    trial.profile = std::move(changed);
}

void old_versions(Trial& trial) {
    trial.profile.min_version = ProtocolVersion::tls1_0;
    trial.profile.security_level = 0; // their signatures are of SHA-1
    trial.profile.ciphers = everything_certified;
}

bool sends_name(Trial const&, Observation const& failed) {
    return failed.report.handshake.offered && !failed.report.handshake.offered->server_name.empty();
}

bool sends_no_name(Trial const& base, Observation const& failed) {
    return !sends_name(base, failed);
}

bool offers_h2(Trial const& base, Observation const&) {
    return std::ranges::count(base.profile.alpn, "h2") != 0;
}

bool refused_with_two_protocols(Trial const& base, Observation const& failed) {
    return offers_h2(base, failed) && base.profile.alpn.size() > 1 && failed.report.failure;
}

bool offers_alpn(Trial const& base, Observation const&) {
    return !base.profile.alpn.empty();
}

bool offers_tls13(Trial const& base, Observation const&) {
    return base.profile.max_version == ProtocolVersion::tls1_3 &&
           base.profile.min_version < ProtocolVersion::tls1_3;
}

bool refused_with_tls13(Trial const& base, Observation const& failed) {
    return offers_tls13(base, failed) && base.profile.cipher_suites.empty() && failed.report.failure &&
           failed.failure()->kind != FailureKind::timeout;
}

/// Its ClientHello was cut off, not refused: the path may be at it.
bool cut(Trial const&, Observation const& failed) {
    return is_cut(*failed.failure());
}

bool answered(Trial const&, Observation const& failed) {
    return failed.failure()->kind != FailureKind::timeout;
}

bool always(Trial const&, Observation const&) {
    return true;
}

/// Alert 71 (RFC 8446 section 6.2): less would be refused the more.
bool wants_more(Observation const& failed) {
    auto const& alert = failed.failure()->alert;
    return alert && alert->direction == tls::Direction::received &&
           alert->description == tls::AlertDescription::insufficient_security;
}

void strongest(Trial& trial) {
    trial.profile.ciphers = "ECDHE+AESGCM+AES256:ECDHE+CHACHA20";
    trial.profile.cipher_suites = {"TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"};
    trial.profile.groups = {"secp384r1", "secp521r1", "x448"};
}

void every_suite(Trial& trial) {
    trial.profile.ciphers = everything_certified;
    trial.profile.cipher_suites = tls::engine::known_names("cipher_suites");
}

struct Row {
    std::string_view name, words;
    bool weak;
    bool (*fits)(Trial const&, Observation const&);
    void (*apply)(Trial&);
};

/// In the order in which they isolate fastest: what costs nobody anything first.
constexpr auto rows = std::to_array<Row>({
    {"suite-less", "without TLS_CHACHA20_POLY1305_SHA256", false, refused_with_tls13,
     [](Trial& t) { t.profile.cipher_suites = {"TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256"}; }},
    {"server-name", "with a server name (SNI)", false, sends_no_name,
     [](Trial& t) { name_of_its_own(t, "localhost"); }},
    {"no-server-name", "without a server name (SNI)", false, sends_name,
     [](Trial& t) { t.profile.server_name.mode = tls::ServerName::Mode::none; }},
    {"other-server-name", "with another server name (SNI)", false, sends_name,
     [](Trial& t) { name_of_its_own(t, "example.com"); }},
    {"alpn-http1", "with http/1.1 alone in ALPN", false, offers_h2,
     [](Trial& t) { t.profile.alpn = {"http/1.1"}; }},
    {"alpn-h2", "with h2 alone in ALPN", false, refused_with_two_protocols,
     [](Trial& t) { t.profile.alpn = {"h2"}; }},
    {"no-alpn", "without ALPN", false, offers_alpn, [](Trial& t) { t.profile.alpn.clear(); }},
    {"split-hello", "with the ClientHello split in two records", false, cut,
     [](Trial& t) { t.profile.split_hello = {.mode = tls::SplitHello::Mode::record, .at = 5}; }},
    {"no-tickets", "without the session ticket extension", false, always,
     [](Trial& t) { t.profile.tickets = false; }},
    {"small-hello", "with a small ClientHello", false, always, [](Trial& t) { like(t, "small-hello"); }},
    {"tls12", "with TLS 1.2 at most", false, offers_tls13,
     [](Trial& t) { t.profile.max_version = ProtocolVersion::tls1_2; }},
    // Suites behind groups and signatures: static RSA needs neither, and would hide that they are missing.
    {"all-groups", "with every group that this build has", false, answered,
     [](Trial& t) { t.profile.groups = tls::engine::known_names("groups"); }},
    {"security-level-0", "at security level 0 (SHA-1 signatures, short keys)", true, answered,
     [](Trial& t) { t.profile.security_level = 0; }},
    {"ecdhe-cbc", "with the ECDHE suites in CBC mode as well", true, answered,
     [](Trial& t) { add_ciphers(t, "ECDHE+AES+SHA1:ECDHE+AES+SHA256:ECDHE+AES+SHA384"); }},
    {"dhe", "with the DHE suites as well", false, answered,
     [](Trial& t) { add_ciphers(t, "DHE+AESGCM:DHE+CHACHA20"); }},
    {"static-rsa", "with the suites of static RSA as well", true, answered,
     [](Trial& t) { add_ciphers(t, "kRSA+AESGCM:kRSA+AES"); }},
    {"all-suites", "with every suite as well that this build has", true, answered, every_suite},
    {"legacy-renegotiation", "accepting a server without RFC 5746", true, answered,
     [](Trial& t) { t.profile.legacy_renegotiation = true; }},
    {"security-level-1", "at security level 1", true, answered,
     [](Trial& t) {
         t.profile.security_level = 1;
         add_ciphers(t, "DHE+AESGCM");
     }},
    {"old-versions", "with TLS 1.0 and 1.1 as well", true, answered, old_versions},
});

Change made(Row const& row) {
    return {
        .name = std::string(row.name), .words = std::string(row.words), .weak = row.weak, .apply = row.apply};
}

bool in_the_handshake(tls::Failure const& failure) {
    switch (failure.phase) {
    case tls::Phase::resolve:
    case tls::Phase::connect:
    case tls::Phase::proxy_connect: return false;
    default: return failure.kind != FailureKind::verify && failure.kind != FailureKind::not_tls;
    }
}

Change strongest_change() {
    return {.name = "strongest",
            .words = "with the strongest alone (keys of 256 bits, P-384 and above)",
            .apply = strongest};
}

/// Nothing: everybody offers it.
std::optional<Change> chosen_suite(std::string const& name) {
    Change change{.name = "suite", .words = "with " + name + " as well", .apply = {}};
    if (auto const cipher = tls::engine::openssl_cipher_name(name); !cipher.empty())
        change.apply = [cipher](Trial& t) { add_ciphers(t, cipher); };
    else if (!name.empty() && std::ranges::count(usual_tls13_suites, name) == 0)
        change.apply = [name](Trial& t) {
            t.profile.cipher_suites.assign(usual_tls13_suites.begin(), usual_tls13_suites.end());
            t.profile.cipher_suites.push_back(name);
        };
    else
        return std::nullopt;
    return change;
}

/// What was offered was good enough, and a certificate of ours is missing.
bool wants_a_certificate(Observation const& failed) {
    auto const& failure = *failed.failure();
    return failed.report.handshake.certificate_requested && failure.phase > tls::Phase::certificate &&
           (failure.kind == FailureKind::alert || failure.kind == FailureKind::http);
}

} // namespace

std::vector<Change> handshake_changes(Trial const& base, Observation const& failed) {
    std::vector<Change> changes;
    if (!in_the_handshake(*failed.failure()) || wants_a_certificate(failed)) return changes;
    bool const established = !failed.report.failure;
    if (wants_more(failed)) return {strongest_change()};
    for (auto const& row : rows)
        if (row.fits(base, failed) && (!established || row.name.find("alpn") != row.name.npos))
            changes.push_back(made(row));
    return changes;
}

std::vector<Change> widening_changes(Trial const& base, Observation const& failed) {
    std::vector<Change> changes;
    if (wants_more(failed)) return changes;
    // The order of their application: old versions bring every suite and level 0 with them.
    for (auto const* name :
         {"old-versions", "all-suites", "all-groups", "security-level-0", "legacy-renegotiation"})
        changes.push_back(change_named(name));
    if (!base.profile.alpn.empty()) changes.push_back(change_named("no-alpn"));
    if (base.profile.max_version == ProtocolVersion::tls1_3) changes.push_back(change_named("tls12"));
    return changes;
}

Change change_named(std::string_view name) {
    auto const found = std::ranges::find(rows, name, &Row::name);
    if (found == rows.end()) throw std::logic_error("there is no change " + std::string(name));
    return made(*found);
}

std::vector<Change> chosen_alone(Trial const& base, tls::Negotiated const& chosen) {
    std::vector<Change> changes;
    if (auto suite = chosen_suite(chosen.cipher_suite)) {
        suite->weak = !tls::engine::weaknesses(with(base, {*suite}).profile).empty();
        changes.push_back(std::move(*suite));
    }
    auto groups = base.profile.groups;
    if (!chosen.group.empty() && std::ranges::count(groups, chosen.group) == 0)
        changes.push_back({.name = "group",
                           .words = "with the group " + chosen.group + " as well",
                           .apply = [group = chosen.group](Trial& t) {
                               if (t.profile.groups.empty())
                                   t.profile.groups = {"x25519", "secp256r1", "secp384r1"};
                               t.profile.groups.push_back(group);
                           }});
    return changes;
}

Change client_certificate_change(tls::ClientCertificate const& certificate) {
    return {.name = "client-certificate",
            .words = "with the client certificate " + certificate.cert,
            .apply = [certificate](Trial& t) { t.profile.client_certificate = certificate; }};
}

Change http1_first_change() {
    return {.name = "alpn-http1-first", .words = "with http/1.1 before h2 in ALPN", .apply = [](Trial& t) {
                t.profile.alpn = {"http/1.1", "h2"};
            }};
}

Change other_group_first_change() {
    return {.name = "other-group-first", .words = "with P-256 before x25519", .apply = [](Trial& t) {
                t.profile.groups = {"secp256r1", "x25519", "secp384r1"};
            }};
}

Change validity_change(std::chrono::system_clock::time_point valid) {
    return {.name = "valid-time",
            .words = "as if it were " + record::timestamp(valid).substr(0, 19) + "Z",
            .weak = true,
            .apply = [valid](Trial& t) { t.profile.verify.time = valid; }};
}

Change nobodys_name_change() {
    return {.name = "nobodys-name",
            .words = "with the server name " + std::string(nobodys_name) + ", which nobody has",
            .apply = [](Trial& t) { name_of_its_own(t, std::string(nobodys_name)); }};
}

Change system_store_change() {
    return {.name = "system-store",
            .words = "with the authorities that the system trusts",
            .apply = [](Trial& t) { t.profile.verify.ca_file.clear(); }};
}

Change direct_change() {
    return {.name = "direct", .words = "directly, not through the upstream proxy", .apply = [](Trial& t) {
                t.via = policy::Via{}, t.via.kind = policy::Via::Kind::direct;
            }};
}

Change address_change(std::string const& address) {
    return {.name = "address", .words = "at the address " + address, .apply = [address](Trial& t) {
                t.address = policy::Address{.host = address};
            }};
}

Change resolver_change(policy::Resolver const& resolver) {
    return {.name = "resolver",
            .words = "with the resolver " + resolver.text(),
            .apply = [resolver](Trial& t) { t.resolver = resolver; }};
}

Trial with(Trial const& base, std::vector<Change> const& changes) {
    auto trial = base;
    for (auto const& change : changes)
        change.apply(trial);
    return trial;
}

std::string words_of(std::vector<Change> const& changes) {
    std::string words;
    for (auto const& change : changes) {
        if (!words.empty()) words += ", and ";
        words += change.words;
    }
    return words;
}

} // namespace alert40::diagnose
