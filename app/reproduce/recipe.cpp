#include "app/reproduce/recipe.hpp"

#include "app/reproduce/certificate_recipes.hpp"
#include "app/reproduce/http_recipes.hpp"
#include "app/reproduce/path_recipes.hpp"
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

// ---- the server ended it later

/// An alert that the app meets within the handshake, or after it.
Recipe later(std::string action, std::string at) {
    auto recipe = one_step(std::move(action), std::move(at));
    recipe.steps.front().about_hello = false;
    recipe.app_trusts_us = true;
    return recipe;
}

template <char const* at>
Made alert_at(RecordedFailure const& failed, Told const&) {
    return later("alert = " + alert_value(failed.failure.alert->description), at);
}

template <char const* action>
Made at_the_end(RecordedFailure const&, Told const&) {
    return later(action, "finished");
}

template <char const* at>
Made hidden_alert(RecordedFailure const&, Told const& told) {
    if (!told.alert)
        return NoRecipe{
            "the server sent an alert that was encrypted, and no record shows which: say it with --alert, by "
            "name or number. The app's own words tell: \"... alert number 80\", or reason 1080"};
    auto recipe = later("alert = " + alert_value(*told.alert), at);
    recipe.comments.emplace_back("That it is this alert was said with --alert.");
    return recipe;
}

constexpr char at_server_hello[] = "server_hello";
constexpr char at_certificate[] = "certificate";
constexpr char at_finished[] = "finished";

/// In the words of tls/watch.
bool hides_alert(RecordedFailure const& failed) {
    auto const& detail = failed.failure.detail;
    return detail.find("encrypted alert") != std::string::npos ||
           detail.find("encrypted record of the size of an alert") != std::string::npos;
}

// ---- what a server lacks

Made wants_client_certificate(RecordedFailure const& failed, Told const&) {
    auto const version = is_tls13(failed) || failed.after_handshake ? "1.3" : "1.2";
    auto recipe =
        of_server("require_client_certificate = true, versions = [\"" + std::string(version) + "\"]");
    recipe.app_trusts_us = true;
    return recipe;
}

/// The alert that ends so is mostly 116; which one it was can be said.
Made refused_at_the_end(RecordedFailure const& failed, Told const& told) {
    if (told.alert || !is_tls13(failed)) return hidden_alert<at_finished>(failed, told);
    auto made = wants_client_certificate(failed, told);
    std::get<Recipe>(made).comments.emplace_back(
        "Which alert it was is encrypted: after the app's Finished, it is mostly that the server demands a "
        "client "
        "certificate. If the app named another one, say it with --alert.");
    return made;
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

// ---- what the app refused

/// Plain enough to stand in a policy.
bool is_plain(std::string const& protocol) {
    auto const fine = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' ||
               c == '.' || c == '-';
    };
    return !protocol.empty() && std::ranges::all_of(protocol, fine);
}

bool chose_alpn_not_offered(RecordedFailure const& failed) {
    auto const& offered = handshake_of(failed).offered;
    auto const& negotiated = handshake_of(failed).negotiated;
    return offered && negotiated && is_plain(negotiated->alpn) &&
           std::ranges::find(offered->alpn, negotiated->alpn) == offered->alpn.end();
}

Recipe forced_alpn(std::string const& protocol, std::string comment) {
    auto recipe = of_server("alpn_forced = \"" + protocol + '"');
    recipe.comments.push_back(std::move(comment));
    recipe.app_trusts_us = true;
    return recipe;
}

Made alpn_not_offered(RecordedFailure const& failed, Told const&) {
    return forced_alpn(handshake_of(failed).negotiated->alpn,
                       "The server chose this protocol, and the app had not offered it.");
}

bool lacks_secure_renegotiation(RecordedFailure const& failed) {
    auto const& negotiated = handshake_of(failed).negotiated;
    auto const& alert = failed.failure.alert;
    return negotiated && negotiated->no_secure_renegotiation &&
           (!alert || alert->description == AlertDescription::handshake_failure);
}

/// OpenSSL says alert 40, and Node nothing, since it closes first.
Made no_secure_renegotiation(RecordedFailure const& failed, Told const& told) {
    if (told.flaw) return certificate(failed, told);
    auto recipe = of_server("no_secure_renegotiation = true");
    recipe.comments.emplace_back("The ServerHello had no renegotiation_info (RFC 5746), and the app left "
                                 "then. If its words are about the "
                                 "certificate, say with --certificate what was wrong with that.");
    return recipe;
}

/// An alert that the app sent, or its silent end, once it knew what the server had to show.
Made refused_by_app(RecordedFailure const& failed, Told const& told) {
    if (told.alert && is_tls13(failed)) return hidden_alert<at_server_hello>(failed, told);
    if (told.alpn) return forced_alpn(*told.alpn, "That it is this protocol in ALPN was said with --alpn.");
    return certificate(failed, told);
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
    return alert && alert->description == AlertDescription::certificate_required &&
           handshake_of(failed).negotiated;
}

bool was_injected(RecordedFailure const& failed) {
    return !failed.injected_by.empty();
}

bool has_alert(RecordedFailure const& failed) {
    return failed.failure.alert.has_value();
}

using enum FailureKind;

constexpr Set<FailureKind> cut = {reset, eof};
constexpr Set<Phase> before_an_answer = {Phase::connect, Phase::client_hello};
constexpr Set<Phase> end_of_handshake = {Phase::finished, Phase::after};
constexpr Set<Phase> within_flight = {Phase::server_hello, Phase::certificate, Phase::client_certificate};
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
    Row{{}, {}, {http, h2, timeout}, {Phase::after}, was_injected, made_by_rule},
    Row{{}, {}, {http, h2, timeout, reset, eof, malformed}, {}, has_exchange, broken_exchange},

    Row{{}, {Ender::server}, {alert}, {Phase::client_hello}, nullptr, alert_instead},
    Row{{}, {Ender::server}, {reset}, before_an_answer, nullptr, before_hello_or_after<reset_action>},
    Row{{}, {Ender::server}, {eof}, {Phase::client_hello}, said_goodbye, close_after_goodbye},
    Row{{}, {Ender::server}, {eof}, before_an_answer, nullptr, before_hello_or_after<close_action>},
    Row{{}, {}, {timeout}, before_an_answer, nullptr, unanswered},
    Row{{}, {Ender::client}, cut, before_an_answer, nullptr, unanswered},
    Row{{}, {}, {not_tls, malformed}, before_an_answer, nullptr, no_tls},

    Row{{}, {Ender::server}, {alert, eof, reset}, {}, was_asked_for_certificate, wants_client_certificate},
    Row{{}, {Ender::server}, {}, {}, demands_by_116, wants_client_certificate},
    Row{{}, {Ender::server}, cut, end_of_handshake, hides_alert, refused_at_the_end},
    Row{{}, {Ender::server}, cut, within_flight, hides_alert, hidden_alert<at_server_hello>},
    Row{{}, {Ender::server}, {alert}, {Phase::server_hello}, nullptr, alert_at<at_server_hello>},
    Row{{}, {Ender::server}, {alert}, within_flight, nullptr, alert_at<at_certificate>},
    Row{{}, {Ender::server}, {alert}, end_of_handshake, nullptr, alert_at<at_finished>},
    Row{{}, {Ender::server}, {reset}, end_of_handshake, nullptr, at_the_end<reset_action>},
    Row{{}, {Ender::server}, {eof}, end_of_handshake, nullptr, at_the_end<close_action>},
    Row{{}, {Ender::server}, {h2}, {}, has_alert, alert_at<at_finished>},
    Row{{}, {Ender::server}, {h2}, {}, names_h2_code, broken_http2},
    Row{{}, {Ender::server}, {h2}, {}, reset_before_settings, at_the_end<reset_action>},
    Row{{}, {Ender::server}, {h2}, {}, cut_before_settings, closed_early},
    Row{{}, {Ender::client}, {}, {}, chose_old_version, old_version},
    Row{{},
        {Ender::client},
        {alert, eof, reset},
        within_flight,
        lacks_secure_renegotiation,
        no_secure_renegotiation},
    Row{{}, {Ender::client}, {}, {}, chose_alpn_not_offered, alpn_not_offered},
    Row{{}, {Ender::client}, {alert, library}, {}, chose_dhe, weak_dh},
    Row{{Role::intercepted}, {Ender::client}, {alert, eof, reset}, from_certificate, nullptr, distrust},
    Row{{}, {Ender::client}, {alert, eof, reset, verify}, from_certificate, nullptr, refused_by_app},
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
