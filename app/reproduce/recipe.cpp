#include "app/reproduce/recipe.hpp"

#include "app/reproduce/certificate_flaw.hpp"
#include "policy/host_name.hpp"
#include "policy/time_text.hpp"
#include "record/evidence.hpp"
#include "record/failure_text.hpp"

#include <algorithm>
#include <array>

namespace alert40::app::reproduce {

namespace {

using record::Role;
using record::Set;
using tls::AlertDescription;
using tls::By;
using tls::FailureKind;
using tls::Phase;

using Made = std::variant<Recipe, NoRecipe>;

/// Which end of the TLS ended it: the origin, or who stood in its place; or the app, or who dialled for it.
enum class Ender : std::uint8_t { server, client };

Ender ender_of(RecordedFailure const& failed) {
    switch (failed.failure.by) {
    case By::upstream: return Ender::server;
    case By::downstream: return Ender::client;
    case By::injected: return Ender::server;
    case By::local: break;
    }
    return failed.role() == Role::dialled ? Ender::client : Ender::server;
}

tls::Handshake const& handshake_of(RecordedFailure const& failed) {
    return failed.handshake.handshake;
}

std::string negotiated_version(RecordedFailure const& failed) {
    auto const& negotiated = handshake_of(failed).negotiated;
    return negotiated ? negotiated->version : "";
}

bool is_tls13(RecordedFailure const& failed) {
    return negotiated_version(failed) == "1.3";
}

/// What a server does whatever the hello says.
Recipe of_server(std::string action) {
    Recipe recipe;
    recipe.steps.push_back({{}, {}, std::move(action), false});
    return recipe;
}

/// As a policy writes it: by its name where it has one.
std::string alert_value(AlertDescription alert) {
    auto const name = tls::name_of(alert);
    return tls::alert_named(name) ? '"' + std::string(name) + '"'
                                  : std::to_string(static_cast<unsigned>(alert));
}

Recipe one_step(std::string action, std::string at = {}) {
    Recipe recipe;
    recipe.steps.push_back({{}, std::move(at), std::move(action), true});
    return recipe;
}

// ---- the server ended it, in plaintext

Made alert_instead(RecordedFailure const& failed, Told const&) {
    return one_step("alert = " + alert_value(failed.failure.alert->description));
}

template <char const* action>
Made before_hello_or_after(RecordedFailure const& failed, Told const&) {
    bool const before = !handshake_of(failed).offered;
    auto recipe = one_step(action, before ? "connect" : "");
    recipe.steps.front().about_hello = !before;
    return recipe;
}

constexpr char reset_action[] = "reset = true";
constexpr char close_action[] = "close = true";
constexpr char silence_action[] = "silence = true";

constexpr std::string_view goodbye = "with a close_notify", fatal_goodbye = "with a fatal close_notify";

bool said_goodbye(RecordedFailure const& failed) {
    auto const& detail = failed.failure.detail;
    return detail.find(goodbye) != std::string::npos || detail.find(fatal_goodbye) != std::string::npos;
}

Made close_after_goodbye(RecordedFailure const& failed, Told const&) {
    if (failed.failure.detail.find(fatal_goodbye) != std::string::npos)
        return one_step("alert = \"close_notify\"");
    auto recipe = one_step("alert = \"close_notify\", level = \"warning\"");
    recipe.steps.push_back({{}, {}, close_action, true});
    return recipe;
}

/// `detail` quotes what the answer began with.
Made no_tls(RecordedFailure const& failed, Told const&) {
    auto const& detail = failed.failure.detail;
    auto const quoted = detail.find('`');
    auto const start =
        quoted == std::string::npos ? std::string_view{} : std::string_view(detail).substr(quoted + 1);
    bool const text = start.size() > 1 && std::all_of(start.begin(), start.begin() + 2, [](char c) {
                          return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '<';
                      });
    auto recipe = one_step(text ? "plain_http = true" : "garbage = true");
    if (text && !start.starts_with("HTTP/"))
        recipe.comments.emplace_back(
            "The answer was text, but no HTTP; a TLS library trips over either in the same words.");
    if (!text)
        recipe.comments.emplace_back(
            "These are other bytes than the original ones: some libraries name what they trip over.");
    return recipe;
}

/// The app, or a box before it, gave up; nobody had said anything.
Made unanswered(RecordedFailure const& failed, Told const& told) {
    auto made = before_hello_or_after<silence_action>(failed, told);
    std::get<Recipe>(made).comments.emplace_back(
        "Nothing answered, and the app gave up in the end: silence lasts until it does so again.");
    return made;
}

// ---- the certificate

Recipe show(tls::Flaw flaw, std::string comment) {
    auto recipe = of_server("certificate = \"" + std::string(tls::name_of(flaw)) + '"');
    recipe.comments.push_back(std::move(comment));
    recipe.app_trusts_us = flaw != tls::Flaw::unknown_issuer && flaw != tls::Flaw::self_signed;
    return recipe;
}

std::string flaws_to_tell() {
    std::string text;
    for (auto const name : tls::flaw_names())
        text.append(text.empty() ? "" : ", ").append(name);
    return text;
}

Made certificate(RecordedFailure const& failed, Told const& told) {
    if (told.flaw) return show(*told.flaw, "That it is this flaw was said with --certificate.");
    if (auto const judged = judged_flaw(failed))
        return show(judged->flaw, "What was wrong with the certificate: " + judged->because + '.');
    return NoRecipe{
        "the app refused the certificate, and the record does not show what for (TLS 1.3 encrypts both): say "
        "it "
        "with --certificate, one of " +
        flaws_to_tell() +
        ". The app's own words tell: \"certificate has expired\" is expired, \"self-signed certificate in "
        "certificate chain\" is unknown_issuer, \"unable to get local issuer certificate\" is "
        "missing_intermediate"};
}

/// An app that alert40 ended the TLS of, and that does not trust the authority.
Made distrust(RecordedFailure const& failed, Told const& told) {
    if (told.flaw || !failed.injected_by.empty()) return certificate(failed, told);
    Recipe recipe;
    recipe.keys.emplace_back("mode = \"intercept\"");
    recipe.comments.emplace_back("This failure was between the app and alert40: the app did not trust who "
                                 "signed the certificate that it was "
                                 "shown. It fails again as long as it does not trust the authority of this "
                                 "machine either; do not point it here "
                                 "with alert40 env.");
    return recipe;
}

/// In the words of a note: "injected: certificate expired at certificate".
std::optional<tls::Flaw> flaw_in_notes(RecordedFailure const& failed) {
    constexpr std::string_view before = "injected: certificate ";
    for (auto const& note : failed.handshake.notes)
        if (note.starts_with(before)) {
            auto const rest = std::string_view(note).substr(before.size());
            return tls::flaw_named(rest.substr(0, rest.find(' ')));
        }
    return std::nullopt;
}

Made injected_flaw(RecordedFailure const& failed, Told const&) {
    return show(*flaw_in_notes(failed), "The failure on record was made on purpose, with this certificate.");
}

// ---- what a server lacks

Made wants_client_certificate(RecordedFailure const& failed, Told const&) {
    auto const version = is_tls13(failed) || failed.after_handshake ? "1.3" : "1.2";
    auto recipe =
        of_server("require_client_certificate = true, versions = [\"" + std::string(version) + "\"]");
    recipe.app_trusts_us = true;
    return recipe;
}

Made old_version(RecordedFailure const& failed, Told const&) {
    auto recipe = of_server("versions = [\"" + negotiated_version(failed) + "\"]");
    recipe.comments.emplace_back("The server chose TLS " + negotiated_version(failed) +
                                 ", and the app did not take that.");
    return recipe;
}

Made weak_dh(RecordedFailure const&, Told const&) {
    auto recipe = of_server("dh_1024 = true");
    recipe.comments.emplace_back(
        "The server chose DHE, and the app refused its parameters: they are mostly too small.");
    return recipe;
}

// ---- no TLS came about

Made nobody_listens(RecordedFailure const& failed, Told const&) {
    if (failed.captured)
        return NoRecipe{"the connection was refused before any TLS. A proxy always accepts its app's "
                        "connection, so the app has to "
                        "be sent to a port where nobody listens: curl --connect-to " +
                        failed.handshake.target.host + ':' + std::to_string(failed.handshake.target.port) +
                        ":127.0.0.1:1 ..., or an entry of the hosts file"};
    Recipe recipe;
    recipe.keys.emplace_back("address = \"127.0.0.1:1\" # where nobody listens");
    recipe.comments.emplace_back(
        "No connection came about; the app was told so by alert40, and is told the same again.");
    return recipe;
}

Made no_such_name(RecordedFailure const&, Told const&) {
    Recipe recipe;
    recipe.keys.emplace_back("address = \"no-such-name.invalid\" # RFC 6761: this name never exists");
    recipe.comments.emplace_back(
        "The name was not resolved; the app was told so by alert40, and is told the same again.");
    return recipe;
}

Made dead_address(RecordedFailure const& failed, Told const&) {
    return NoRecipe{
        "no answer came to the TCP connection, before any TLS: that is made by packets which are dropped, "
        "and no policy "
        "drops any. As root, on this machine: iptables -A OUTPUT -d " +
        (failed.handshake.target.address.empty() ? std::string("ADDRESS") : failed.handshake.target.address) +
        " -j DROP (and -D instead of -A afterwards)"};
}

Made upstream_proxy(RecordedFailure const& failed, Told const&) {
    return NoRecipe{"it was the proxy on the way (" + failed.handshake.target.via +
                    ") that refused, before any TLS: " + failed.failure.detail +
                    ". A policy can only send the app to a proxy that does so: via = \"http://HOST:PORT\""};
}

Made our_own_port(RecordedFailure const&, Told const&) {
    return NoRecipe{
        "the app spoke TLS to alert40 itself, as its https:// proxy, and did not take that; faults strike "
        "what goes "
        "through a proxy. It happens again without any policy: alert40 run, and the app pointed at "
        "https://localhost:4040 without trusting the authority of this machine"};
}

// ---- which of them

struct Row {
    Set<Role> roles;
    Set<Ender> ender;
    Set<FailureKind> kinds;
    Set<Phase> phases;
    bool (*holds)(RecordedFailure const& failed); ///< null: it does
    Made (*make)(RecordedFailure const& failed, Told const& told);
};

bool has_flaw_in_notes(RecordedFailure const& failed) {
    return flaw_in_notes(failed).has_value();
}

bool was_asked_for_certificate(RecordedFailure const& failed) {
    return handshake_of(failed).certificate_requested;
}

bool chose_old_version(RecordedFailure const& failed) {
    auto const version = negotiated_version(failed);
    return version == "1.0" || version == "1.1";
}

bool chose_dhe(RecordedFailure const& failed) {
    auto const& negotiated = handshake_of(failed).negotiated;
    return negotiated && negotiated->cipher_suite.starts_with("TLS_DHE_");
}

bool demands_by_116(RecordedFailure const& failed) {
    auto const& alert = failed.failure.alert;
    if (alert) return alert->description == AlertDescription::certificate_required;
    return is_tls13(failed) && failed.failure.phase == Phase::finished;
}

bool was_injected(RecordedFailure const& failed) {
    return !failed.injected_by.empty();
}

using enum FailureKind;

constexpr Set<FailureKind> cut = {reset, eof};
constexpr Set<Phase> before_an_answer = {Phase::connect, Phase::client_hello};
constexpr Set<Phase> from_certificate = {Phase::certificate, Phase::client_certificate, Phase::finished,
                                         Phase::after};

/// The first one that fits. An empty set fits anything.
constexpr std::array rows = {
    Row{{Role::served}, {}, {}, {}, nullptr, our_own_port},
    Row{{}, {}, {reset}, {Phase::connect}, was_injected, before_hello_or_after<reset_action>},
    Row{{}, {}, {eof}, {Phase::connect}, was_injected, before_hello_or_after<close_action>},
    Row{{}, {}, {timeout}, {Phase::connect}, was_injected, before_hello_or_after<silence_action>},
    Row{{}, {}, {refused, unreachable}, {Phase::connect}, nullptr, nobody_listens},
    Row{{}, {}, {timeout}, {Phase::resolve, Phase::connect}, nullptr, dead_address},
    Row{{}, {}, {dns}, {}, nullptr, no_such_name},
    Row{{}, {}, {}, {Phase::proxy_connect}, nullptr, upstream_proxy},
    Row{{}, {}, {}, {}, has_flaw_in_notes, injected_flaw},

    Row{{}, {Ender::server}, {alert}, {Phase::client_hello}, nullptr, alert_instead},
    Row{{}, {Ender::server}, {reset}, before_an_answer, nullptr, before_hello_or_after<reset_action>},
    Row{{}, {Ender::server}, {eof}, {Phase::client_hello}, said_goodbye, close_after_goodbye},
    Row{{}, {Ender::server}, {eof}, before_an_answer, nullptr, before_hello_or_after<close_action>},
    Row{{}, {}, {timeout}, before_an_answer, nullptr, unanswered},
    Row{{}, {Ender::client}, cut, before_an_answer, nullptr, unanswered},
    Row{{}, {}, {not_tls, malformed}, before_an_answer, nullptr, no_tls},

    Row{{}, {Ender::server}, {alert, eof, reset}, {}, was_asked_for_certificate, wants_client_certificate},
    Row{{}, {Ender::server}, {}, {}, demands_by_116, wants_client_certificate},
    Row{{}, {Ender::client}, {}, {}, chose_old_version, old_version},
    Row{{}, {Ender::client}, {alert, library}, {}, chose_dhe, weak_dh},
    Row{{Role::intercepted}, {Ender::client}, {alert, eof, reset}, from_certificate, nullptr, distrust},
    Row{{}, {Ender::client}, {alert, eof, reset, verify}, from_certificate, nullptr, certificate},
};

template <class Value>
bool fits(Set<Value> set, Value value) {
    return set.empty() || set.has(value);
}

bool fits(Row const& row, RecordedFailure const& failed) {
    return fits(row.roles, failed.role()) && fits(row.ender, ender_of(failed)) &&
           fits(row.kinds, failed.failure.kind) && fits(row.phases, failed.failure.phase) &&
           (!row.holds || row.holds(failed));
}

// ---- and what there was before it

/// What the app had to wait for an answer, where that was noticeable.
std::optional<std::chrono::milliseconds> wait_of(RecordedFailure const& failed) {
    constexpr std::chrono::milliseconds noticeable{1000}, steps{100};
    auto const& timing = failed.handshake.timing;
    auto const end = timing.first_byte.value_or(timing.total);
    auto const wait = std::chrono::duration_cast<std::chrono::milliseconds>(
        end - timing.connect.value_or(std::chrono::microseconds{0}));
    if (wait < noticeable) return std::nullopt;
    return (wait + steps / 2) / steps * steps;
}

bool is_answered_at_hello(Recipe const& recipe) {
    return recipe.steps.size() == 1 && recipe.steps.front().action != silence_action;
}

void put_wait_before(Recipe& recipe, RecordedFailure const& failed) {
    auto const wait = wait_of(failed);
    if (!wait || !fits(before_an_answer, failed.failure.phase) || !is_answered_at_hello(recipe)) return;
    auto const& last = recipe.steps.back();
    Step delay{{"The answer took that long."},
               last.at,
               "delay = \"" + policy::duration_text(*wait) + '"',
               last.about_hello};
    recipe.steps.insert(recipe.steps.begin(), std::move(delay));
}

void put_warnings_before(Recipe& recipe, RecordedFailure const& failed) {
    if (recipe.steps.empty() || !recipe.steps.front().at.empty()) return;
    std::size_t at = 0;
    for (auto const& alert : handshake_of(failed).alerts) {
        if (alert.level != tls::AlertLevel::warning || alert == failed.failure.alert) continue;
        if (alert.direction != tls::Direction::received) continue;
        Step step{{"A warning came first."},
                  "",
                  "alert = " + alert_value(alert.description) + ", level = \"warning\"",
                  true};
        recipe.steps.insert(recipe.steps.begin() + static_cast<std::ptrdiff_t>(at++), std::move(step));
    }
}

NoRecipe unknown_way(RecordedFailure const& failed) {
    return {"no fault of a policy makes this: " + failure_text(failed.failure, failed.role())};
}

} // namespace

std::variant<Recipe, NoRecipe> recipe_for(RecordedFailure const& failed, Told const& told) {
    if (!policy::to_a_label(failed.handshake.target.host))
        return NoRecipe{"the record names no host that a rule could be for"};
    auto const* const row = std::ranges::find_if(rows, [&](Row const& one) { return fits(one, failed); });
    if (row == rows.end()) return unknown_way(failed);
    auto made = row->make(failed, told);
    if (auto* const recipe = std::get_if<Recipe>(&made)) {
        put_wait_before(*recipe, failed);
        put_warnings_before(*recipe, failed);
    }
    return made;
}

} // namespace alert40::app::reproduce
