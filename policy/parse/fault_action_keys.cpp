#include "policy/parse/fault_action_keys.hpp"

#include "policy/http_code.hpp"
#include "policy/limits.hpp"
#include "policy/parse/alert_text.hpp"
#include "policy/parse/byte_count.hpp"
#include "policy/parse/client_action_keys.hpp"
#include "policy/parse/path_values.hpp"
#include "policy/parse/table.hpp"
#include "policy/parse/values.hpp"
#include "text/joined.hpp"

#include <algorithm>
#include <array>

namespace alert40::policy::parse {
namespace {

constexpr std::array level_choices = {
    Choice<tls::AlertLevel>{"fatal", tls::AlertLevel::fatal},
    Choice<tls::AlertLevel>{"warning", tls::AlertLevel::warning},
};

void read_alert(fault::Alert& alert, Node const& node, Context& context) {
    auto const* number = std::get_if<std::int64_t>(&node.value);
    auto const text = number ? std::to_string(*number) : text_value(node, context).value_or("");
    if (text.empty()) return;
    auto const known = alert_of(text);
    if (known)
        alert.description = *known;
    else
        context.error(node.at, "\"alert\" takes a name or a number from 0 to 255, not " + in_quotes(text) +
                                   did_you_mean(text, alert_names()));
}

void read_level(fault::Alert& alert, Node const& node, Context& context) {
    store(alert.level, choice_value(node, level_choices, context));
}

void read_delay(fault::Delay& delay, Node const& node, Context& context) {
    store(delay.time, duration_value(node, context));
}

/// `reset = true`: there is no more to be told.
template <class Action>
void read_true(Action&, Node const& node, Context& context) {
    auto const on = boolean_value(node, context);
    if (on && !*on) context.error(node.at, context.key() + " = false does nothing: leave the fault out");
}

void read_close_notify(fault::Close& close, Node const& node, Context& context) {
    store(close.close_notify, boolean_value(node, context));
}

void read_flaw(fault::Certificate& certificate, Node const& node, Context& context) {
    auto const text = text_value(node, context);
    if (!text) return;
    auto const flaw = tls::flaw_named(*text);
    if (flaw)
        certificate.flaw = *flaw;
    else
        wrong_choice(node, *text, tls::flaw_names(), context);
}

// ---- HTTP

/// A code by its name or number.
template <auto named, auto names>
std::optional<std::uint32_t> code_value(Node const& node, Context& context) {
    auto const* number = std::get_if<std::int64_t>(&node.value);
    auto const text = number ? std::to_string(*number) : text_value(node, context).value_or("");
    if (text.empty()) return std::nullopt;
    auto const code = named(text);
    if (!code)
        context.error(node.at, context.key() + " takes a name such as " + in_quotes(names().back()) +
                                   ", or its number, not " + in_quotes(text) + did_you_mean(text, names()));
    return code;
}

constexpr auto* http2_code = code_value<http2_error_named, http2_error_names>;

void read_rst_stream(fault::RstStream& rst, Node const& node, Context& context) {
    store(rst.error_code, http2_code(node, context));
}

void read_goaway(fault::Goaway& goaway, Node const& node, Context& context) {
    store(goaway.error_code, http2_code(node, context));
}

void read_processed(fault::Goaway& goaway, Node const& node, Context& context) {
    store(goaway.processed, boolean_value(node, context));
}

void read_grpc_status(fault::GrpcStatus& status, Node const& node, Context& context) {
    store(status.code, code_value<rpc_code_named, rpc_code_names>(node, context));
}

void read_http1_required(fault::RstStream& rst, Node const& node, Context& context) {
    read_true(rst, node, context);
    rst.error_code = http_1_1_required;
}

void read_status(fault::Status& status, Node const& node, Context& context) {
    if (auto const code = integer_value(node, 200, 599, context))
        status.code = static_cast<std::uint16_t>(*code);
}

void read_retry_after(fault::Status& status, Node const& node, Context& context) {
    if (auto const time = duration_value(node, context))
        status.retry_after = std::chrono::ceil<std::chrono::seconds>(*time);
}

/// 1000, "64KiB", "2MiB"
std::optional<std::uint64_t> bytes_value(Node const& node, std::int64_t low, Context& context) {
    auto const* text = std::get_if<std::string>(&node.value);
    if (!text) {
        auto const n = integer_value(node, low, limits::fault_bytes, context);
        return n ? std::optional(static_cast<std::uint64_t>(*n)) : std::nullopt;
    }
    auto const n = bytes_named(*text);
    if (n && *n >= static_cast<std::uint64_t>(low) && *n <= std::uint64_t{limits::fault_bytes}) return n;
    context.error(node.at, context.key() + " takes a number of bytes, such as 1000 or \"2KiB\", not " +
                               in_quotes(*text));
    return std::nullopt;
}

/// Bytes, or a time.
void read_mark(fault::BodyMark& mark, Node const& node, Context& context) {
    auto const* text = std::get_if<std::string>(&node.value);
    if (text && !bytes_named(*text))
        mark.time = duration_value(node, context);
    else
        store(mark.bytes, bytes_value(node, 0, context));
}

void read_truncate(fault::Truncate& truncate, Node const& node, Context& context) {
    read_mark(truncate.after, node, context);
}

constexpr std::array cut_choices = {
    Choice<fault::Truncate::By>{"end", fault::Truncate::By::end},
    Choice<fault::Truncate::By>{"close", fault::Truncate::By::close},
    Choice<fault::Truncate::By>{"reset", fault::Truncate::By::reset},
};

/// "end", or how HTTP/2 calls it: "CANCEL".
void read_by(fault::Truncate& truncate, Node const& node, Context& context) {
    auto const* text = std::get_if<std::string>(&node.value);
    auto const code = text ? http2_error_named(*text) : std::nullopt;
    auto const* const choice =
        std::ranges::find(cut_choices, text ? *text : "", &Choice<fault::Truncate::By>::name);
    if (!code && choice == cut_choices.end())
        return context.error(node.at,
                             "\"by\" takes \"end\", \"close\", \"reset\", or a code of HTTP/2 such as "
                             "\"INTERNAL_ERROR\"");
    truncate.by = code ? fault::Truncate::By::rst_stream : choice->value;
    truncate.error_code = code.value_or(0);
}

void read_stall(fault::Stall& stall, Node const& node, Context& context) {
    read_mark(stall.after, node, context);
}

void read_throttle(fault::Throttle& throttle, Node const& node, Context& context) {
    store(throttle.bytes_per_second, bytes_value(node, 1, context));
}

// ---- a server that lacks something

template <auto member>
void read_names(fault::Server& server, Node const& node, Context& context) {
    auto& names = server.limits.*member;
    for (auto& text : texts_value(node, context))
        names.push_back(std::move(text.value));
    if (names.empty()) context.error(node.at, context.key() + " is an empty list");
}

template <auto member>
void read_flag(fault::Server& server, Node const& node, Context& context) {
    store(server.limits.*member, boolean_value(node, context));
}

void read_versions(fault::Server& server, Node const& node, Context& context) {
    for (auto const& text : texts_value(node, context)) {
        auto const version = tls::version_named(text.value);
        if (version)
            server.limits.versions.push_back(*version);
        else
            context.error(text.at, "\"versions\" takes \"1.0\" to \"1.3\", not " + in_quotes(text.value));
    }
}

void read_ciphers(fault::Server& server, Node const& node, Context& context) {
    store(server.limits.ciphers, text_value(node, context));
}

void read_server_alpn(fault::Server& server, Node const& node, Context& context) {
    server.alpn.emplace();
    for (auto& text : texts_value(node, context))
        server.alpn->push_back(std::move(text.value));
}

void read_alpn_forced(fault::Server& server, Node const& node, Context& context) {
    auto name = text_value(node, context);
    if (name && (name->empty() || name->size() > limits::alpn_name))
        context.error(node.at, "a protocol name has 1 to 255 bytes (RFC 7301)");
    server.alpn_forced = std::move(name);
}

void read_alpn_strict(fault::Server& server, Node const& node, Context& context) {
    store(server.alpn_strict, boolean_value(node, context));
}

void read_split(fault::Server& server, Node const& node, Context& context) {
    auto const text = text_value(node, context);
    if (!text) return;
    auto const split = parse_split_hello(*text);
    using Mode = tls::SplitHello::Mode;
    if (!split || split->mode == Mode::none)
        context.error(node.at, "\"split\" takes \"record:N\" or \"segment:N\", not " + in_quotes(*text));
    else if (split->mode == Mode::record && split->at < limits::smallest_record)
        context.error(node.at, "OpenSSL makes no records below " + std::to_string(limits::smallest_record) +
                                   " bytes: use \"segment:" + std::to_string(split->at) + '"');
    else
        server.split = *split;
}

// ---- all of them

/// One key of `do`.
struct ActionKey {
    Key<FaultAction> key;
    std::size_t of;         ///< place of its action in FaultAction
    std::string_view after; ///< it only says more of the action that this key names; empty: it names one
};

template <class Action, void (*read)(Action&, Node const&, Context&)>
void read_into(FaultAction& action, Node const& node, Context& context) {
    if (!std::holds_alternative<Action>(action)) action.emplace<Action>();
    read(std::get<Action>(action), node, context);
}

template <class Action, void (*read)(Action&, Node const&, Context&)>
constexpr ActionKey key(std::string_view name, std::string_view after = "") {
    return {{name, read_into<Action, read>}, fault::place_of<Action>(), after};
}

template <class Action>
constexpr ActionKey key_that_is_true(std::string_view name) {
    return key<Action, read_true<Action>>(name);
}

using fault::Server;
using tls::ServerLimits;

/// In the order in which they are told.
constexpr std::array action_keys = {
    key<fault::Alert, read_alert>("alert"),
    key<fault::Alert, read_level>("level", "alert"),
    key_that_is_true<fault::Reset>("reset"),
    key_that_is_true<fault::Close>("close"),
    key<fault::Close, read_close_notify>("close_notify", "close"),
    key_that_is_true<fault::Silence>("silence"),
    key<fault::Delay, read_delay>("delay"),
    key_that_is_true<fault::Garbage>("garbage"),
    key_that_is_true<fault::PlainHttp>("plain_http"),
    key<fault::Certificate, read_flaw>("certificate"),
    key<fault::Status, read_status>("status"),
    key<fault::Status, read_retry_after>("retry_after", "status"),
    key<fault::GrpcStatus, read_grpc_status>("grpc_status"),
    key<fault::RstStream, read_rst_stream>("rst_stream"),
    key<fault::RstStream, read_http1_required>("http_1_1_required"),
    key<fault::Goaway, read_goaway>("goaway"),
    key<fault::Goaway, read_processed>("processed", "goaway"),
    key_that_is_true<fault::NoSettingsAck>("no_settings_ack"),
    key_that_is_true<fault::NoWindow>("no_window"),
    key<fault::Truncate, read_truncate>("truncate"),
    key<fault::Truncate, read_by>("by", "truncate"),
    key<fault::Stall, read_stall>("stall"),
    key<fault::Throttle, read_throttle>("throttle"),
    key<Server, read_versions>("versions"),
    key<Server, read_ciphers>("ciphers"),
    key<Server, read_names<&ServerLimits::cipher_suites>>("cipher_suites"),
    key<Server, read_names<&ServerLimits::groups>>("groups"),
    key<Server, read_server_alpn>("alpn"),
    key<Server, read_alpn_forced>("alpn_forced"),
    key<Server, read_alpn_strict>("alpn_strict"),
    key<Server, read_split>("split"),
    key<Server, read_flag<&ServerLimits::require_client_certificate>>("require_client_certificate"),
    key<Server, read_flag<&ServerLimits::forgets_tickets>>("forgets_tickets"),
    key<Server, read_flag<&ServerLimits::dh_1024>>("dh_1024"),
    key<Server, read_flag<&ServerLimits::no_secure_renegotiation>>("no_secure_renegotiation"),
};

ActionKey const* key_named(std::string_view name) {
    auto const* const found =
        std::ranges::find(action_keys, name, [](ActionKey const& row) { return row.key.name; });
    return found == action_keys.end() ? nullptr : found;
}

/// "reset", or "versions", "ciphers" of one server together.
std::string what_do_takes() {
    std::vector<std::string> names, server;
    for (auto const& row : action_keys)
        if (row.after.empty())
            (row.of == fault::place_of<Server>() ? server : names).push_back(in_quotes(row.key.name));
    return "\"do\" takes one of " + text::joined(names) + "; or what a server lacks, any of " +
           text::joined(server) + ": write one [[rule.fault]] for each";
}

/// All keys are of one action, and one of them names it.
void check_together(Node const& node, Context& context) {
    ActionKey const* first = nullptr;
    for (auto const& member : *node.table()) {
        auto const* row = key_named(member.key);
        if (!row) continue; // told already
        if (first && first->of != row->of) return context.error(node.at, what_do_takes());
        if (!row->after.empty() && !find(*node.table(), row->after))
            return context.error(node.at, in_quotes(row->key.name) + " only says more of " +
                                              in_quotes(row->after) + ", which is not there");
        if (!first) first = row;
    }
    if (node.table()->empty()) context.error(node.at, what_do_takes());
}

} // namespace

std::vector<std::string_view> origin_action_names() {
    std::vector<std::string_view> names;
    for (auto const& row : action_keys)
        names.push_back(row.key.name);
    return names;
}

FaultAction fault_action_value(Node const& node, Context& context) {
    FaultAction action;
    std::vector<Key<FaultAction>> keys;
    for (auto const& row : action_keys)
        keys.push_back(row.key);
    auto const names = client_action_names();
    read_table<FaultAction>(node, "do", keys, action, context, {names, "a fault with as = \"client\""});
    if (node.table()) check_together(node, context);
    return action;
}

} // namespace alert40::policy::parse
