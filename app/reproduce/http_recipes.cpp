#include "app/reproduce/http_recipes.hpp"

#include "policy/time_text.hpp"
#include "record/evidence.hpp"
#include "record/failure_text.hpp"

#include <algorithm>
#include <array>
#include <chrono>

namespace alert40::app::reproduce {

namespace {

using record::ExchangeFacts;
using record::Set;
using tls::FailureKind;
using tls::Phase;

constexpr std::string_view goaway = "GOAWAY with ", rst_stream = "RST_STREAM with ";
constexpr std::string_view before_settings = "HTTP/2 failed before SETTINGS came: ";

/// "GOAWAY with HTTP_1_1_REQUIRED (0xd)": "0xd" behind that frame; empty: it says something else.
std::string h2_code(RecordedFailure const& failed, std::string_view frame) {
    auto const& detail = failed.failure.detail;
    auto const begin = detail.find("(0x");
    if (!detail.starts_with(frame) || begin == std::string::npos) return "";
    auto const code = detail.substr(begin + 1, detail.find(')', begin) - begin - 1);
    bool const plain = code.size() > 2 && code.find_first_not_of("0123456789abcdef", 2) == std::string::npos;
    return plain ? code : "";
}

Made within(std::string at, std::string action) {
    Recipe recipe;
    recipe.steps.push_back({{}, std::move(at), std::move(action), false});
    recipe.app_trusts_us = true;
    return recipe;
}

/// In a TOML string.
std::string quoted(std::string const& text) {
    return '"' + text + '"';
}

// ---- instead of a response

Made status(RecordedFailure const& failed) {
    return within("request", "status = " + std::to_string(*failed.exchange->status));
}

Made grpc_status(RecordedFailure const& failed) {
    return within("request", "grpc_status = " + std::to_string(*failed.exchange->grpc_status));
}

/// Where not even SETTINGS came, it was since the handshake.
Made silence(RecordedFailure const& failed) {
    return within(failed.failure.phase == Phase::finished ? "finished" : "request", "silence = true");
}

Made reset_instead(RecordedFailure const&) {
    return within("request", "reset = true");
}

/// In the words of tls/engine.
std::string close_of(RecordedFailure const& failed) {
    bool const bare = failed.failure.detail.find("without close_notify") != std::string::npos;
    return bare ? "close = true, close_notify = false" : "close = true";
}

Made close_instead(RecordedFailure const& failed) {
    return within("request", close_of(failed));
}

Made by_frame(RecordedFailure const& failed) {
    bool const processed = failed.exchange && !failed.exchange->unprocessed;
    auto const code = h2_code(failed, goaway);
    if (code.empty()) return within("request", "rst_stream = " + quoted(h2_code(failed, rst_stream)));
    return within("request", "goaway = " + quoted(code) + (processed ? ", processed = true" : ""));
}

// ---- within its body

/// How a body ended, as `by` has it.
std::string end_of_body(RecordedFailure const& failed) {
    switch (failed.failure.kind) {
    case FailureKind::reset: return "reset";
    case FailureKind::malformed: return "end"; // less than Content-Length had promised
    default: break;
    }
    auto const code = h2_code(failed, rst_stream);
    return code.empty() ? "close" : code;
}

Made cut_body(RecordedFailure const& failed) {
    return within("response", "truncate = " + std::to_string(failed.exchange->body_bytes) +
                                  ", by = " + quoted(end_of_body(failed)));
}

/// How much is said within an upgrade differs each time: here it is the time that counts.
Made cut_upgrade(RecordedFailure const& failed) {
    auto const time = std::chrono::ceil<std::chrono::milliseconds>(failed.exchange->time);
    return within("response", "truncate = " + quoted(policy::duration_text(time)) +
                                  ", by = " + quoted(end_of_body(failed)));
}

Made stalled_body(RecordedFailure const& failed) {
    return within("response", "stall = " + std::to_string(failed.exchange->body_bytes));
}

// ---- which of them

bool is_rpc(RecordedFailure const& failed) {
    return failed.exchange->grpc_status.has_value();
}

bool has_begun(RecordedFailure const& failed) {
    return failed.exchange->status.has_value();
}

bool is_upgraded(RecordedFailure const& failed) {
    return has_begun(failed) && !failed.exchange->protocol.empty();
}

using enum FailureKind;

struct Row {
    Set<FailureKind> kinds;
    bool (*holds)(RecordedFailure const& failed); ///< null: it does
    Made (*make)(RecordedFailure const& failed);
};

/// The first one that fits.
constexpr std::array rows = {
    Row{{http}, is_rpc, grpc_status},
    Row{{http}, has_begun, status},
    Row{{reset, eof, h2}, is_upgraded, cut_upgrade},
    Row{{timeout}, has_begun, stalled_body},
    Row{{timeout}, nullptr, silence},
    Row{{reset, eof, h2, malformed}, has_begun, cut_body},
    Row{{reset}, nullptr, reset_instead},
    Row{{eof}, nullptr, close_instead},
    Row{{h2}, names_h2_code, by_frame},
};

bool begins_before_settings(RecordedFailure const& failed) {
    return failed.failure.detail.starts_with(before_settings);
}

} // namespace

bool has_exchange(RecordedFailure const& failed) {
    return failed.exchange.has_value();
}

Made broken_exchange(RecordedFailure const& failed, Told const&) {
    for (auto const& row : rows)
        if (row.kinds.has(failed.failure.kind) && (!row.holds || row.holds(failed))) return row.make(failed);
    return NoRecipe{"no fault of a policy makes this: " + failure_text(failed.failure, failed.role())};
}

bool names_h2_code(RecordedFailure const& failed) {
    return !h2_code(failed, goaway).empty() || !h2_code(failed, rst_stream).empty();
}

/// Codes that are about HTTP/2 itself: GOAWAY with one of them is said to the connection.
Made broken_http2(RecordedFailure const& failed, Told const&) {
    return by_frame(failed);
}

bool cut_before_settings(RecordedFailure const& failed) {
    return begins_before_settings(failed);
}

Made closed_early(RecordedFailure const& failed, Told const&) {
    bool const said_nothing = failed.failure.detail.find("no SETTINGS from the peer") != std::string::npos;
    return within("finished", said_nothing ? "silence = true" : close_of(failed));
}

bool reset_before_settings(RecordedFailure const& failed) {
    auto const& detail = failed.failure.detail;
    return begins_before_settings(failed) && (detail.find("reset by peer") != std::string::npos ||
                                              detail.find("Broken pipe") != std::string::npos);
}

Made made_by_rule(RecordedFailure const& failed, Told const&) {
    return NoRecipe{"it was made on purpose, by the rule \"" + failed.injected_by + "\" (" +
                    failed.failure.detail + "): the policy that has this rule makes it again"};
}

} // namespace alert40::app::reproduce
