#include "policy/parse/client_action_keys.hpp"

#include "policy/limits.hpp"
#include "policy/parse/fault_action_keys.hpp"
#include "policy/parse/path_values.hpp"
#include "policy/parse/profile_keys.hpp"
#include "policy/parse/table.hpp"
#include "policy/parse/values.hpp"
#include "text/joined.hpp"
#include "tls/wire/iana.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>

namespace alert40::policy::parse {
namespace {

namespace iana = tls::wire::iana;
using PathKind = fault::Path::Kind;

// ---- an offer

/// As the profile has it that says so.
tls::Profile profile_with(std::string_view name, Node const& node, Context& context) {
    tls::Profile profile;
    profile_key(name).read(profile, node, context);
    return profile;
}

void read_versions(fault::Offer& offer, Node const& node, Context& context) {
    auto const profile = profile_with("versions", node, context);
    offer.offer.versions.emplace(profile.min_version, profile.max_version);
}

void read_ciphers(fault::Offer& offer, Node const& node, Context& context) {
    offer.offer.ciphers = profile_with("ciphers", node, context).ciphers;
}

template <auto member, auto of_profile>
void read_names(fault::Offer& offer, Node const& node, Context& context) {
    auto const key = context.key().substr(1, context.key().size() - 2); // without its quotes
    auto names = profile_with(key, node, context).*of_profile;
    if (names.empty())
        context.error(node.at, context.key() + " is an empty list");
    else
        offer.offer.*member = std::move(names);
}

std::vector<std::string> protocols(Node const& node, Context& context) {
    std::vector<std::string> names;
    for (auto& text : texts_value(node, context)) {
        if (text.value.empty() || text.value.size() > limits::alpn_name)
            context.error(text.at, "a protocol name in " + context.key() + " has 1 to 255 bytes (RFC 7301)");
        else
            names.push_back(std::move(text.value));
    }
    return names;
}

void read_alpn(fault::Offer& offer, Node const& node, Context& context) {
    offer.offer.alpn = protocols(node, context);
}

// ---- an edited hello

std::optional<std::uint16_t> extension_named(std::string_view name) {
    return name == "alpn" ? iana::code_of(iana::extension_types(), "application_layer_protocol_negotiation")
                          : iana::code_of(iana::extension_types(), name);
}

void add_extension(tls::HelloEdit& edit, Node const& node, Context& context) {
    if (std::get_if<std::int64_t>(&node.value)) {
        if (auto const n = integer_value(node, 0, 0xffff, context))
            edit.without_extensions.push_back(static_cast<std::uint16_t>(*n));
        return;
    }
    auto const text = text_value(node, context);
    if (!text) return;
    if (auto const type = extension_named(*text)) return edit.without_extensions.push_back(*type);
    std::vector<std::string_view> names;
    for (auto const& row : iana::extension_types())
        names.push_back(row.name);
    context.error(node.at, context.key() + " takes IANA's names of extensions, \"alpn\", and numbers, not " +
                               in_quotes(*text) + did_you_mean(*text, names));
}

void read_without(fault::Hello& hello, Node const& node, Context& context) {
    auto const* list = node.list();
    if (!list) return add_extension(hello.edit, node, context);
    if (list->empty()) context.error(node.at, context.key() + " is an empty list");
    for (auto const& one : *list)
        add_extension(hello.edit, one, context);
}

void read_reorder(fault::Hello& hello, Node const& node, Context& context) {
    auto const on = boolean_value(node, context);
    if (on && !*on) context.error(node.at, context.key() + " = false does nothing: leave it out");
    hello.edit.reversed = true;
}

void read_tampered(fault::Hello& hello, Node const& node, Context& context) {
    hello.edit.alpn = protocols(node, context);
}

// ---- a hello in parts, or late

void read_split(fault::Split& split, Node const& node, Context& context) {
    auto const text = text_value(node, context);
    if (!text) return;
    auto const cut = parse_split_hello(*text);
    if (!cut)
        context.error(node.at, context.key() + " " + cut.error().text);
    else if (cut->mode == tls::SplitHello::Mode::none)
        context.error(node.at, "\"none\" does nothing: leave the fault out");
    else
        split.cut = *cut;
}

void read_pause(fault::Split& split, Node const& node, Context& context) {
    store(split.pause, duration_value(node, context));
}

void read_delay(fault::Delay& delay, Node const& node, Context& context) {
    store(delay.time, duration_value(node, context));
}

// ---- a path

template <PathKind kind>
void read_kind(fault::Path& path, Node const& node, Context& context) {
    auto const on = boolean_value(node, context);
    if (on && !*on) context.error(node.at, context.key() + " = false does nothing: leave the fault out");
    path.kind = kind;
}

struct Unit {
    std::string_view name;
    std::size_t bytes;
};

constexpr std::array units = {Unit{"", 1}, Unit{"B", 1}, Unit{"KiB", 1 << 10}, Unit{"MiB", 1 << 20}};
constexpr std::size_t most_bytes = std::size_t{1} << 40;

/// "1KiB", "300", 300.
std::optional<std::size_t> size_value(Node const& node, Context& context) {
    if (std::get_if<std::int64_t>(&node.value)) {
        auto const n = integer_value(node, 0, most_bytes, context);
        return n ? std::optional(static_cast<std::size_t>(*n)) : std::nullopt;
    }
    auto const text = text_value(node, context);
    if (!text) return std::nullopt;
    std::size_t number = 0;
    auto const* const end = text->data() + text->size();
    auto const read = std::from_chars(text->data(), end, number);
    auto const* const unit = std::ranges::find(units, std::string_view(read.ptr, end), &Unit::name);
    if (read.ec == std::errc() && unit != units.end() && number <= most_bytes / unit->bytes)
        return number * unit->bytes;
    context.error(node.at, context.key() + " takes bytes such as 300, \"300B\", \"1KiB\" or \"2MiB\", not " +
                               in_quotes(*text));
    return std::nullopt;
}

void read_throttle(fault::Path& path, Node const& node, Context& context) {
    path.kind = PathKind::throttle;
    auto const rate = size_value(node, context);
    path.bytes_per_second = rate.value_or(1);
    if (rate == 0)
        context.error(node.at, "\"throttle\" lets something through: silence = true stops everything");
}

void read_after(fault::Path& path, Node const& node, Context& context) {
    store(path.after, size_value(node, context));
}

constexpr std::array direction_choices = {Choice<tls::Direction>{"sent", tls::Direction::sent},
                                          Choice<tls::Direction>{"received", tls::Direction::received}};

void read_direction(fault::Path& path, Node const& node, Context& context) {
    store(path.direction, choice_value(node, direction_choices, context));
}

// ---- all of them

struct ClientKey {
    Key<FaultAction> key;
    std::size_t of; ///< place of its action in FaultAction
};

template <class Action, void (*read)(Action&, Node const&, Context&)>
constexpr ClientKey key(std::string_view name) {
    return {{name,
             [](FaultAction& action, Node const& node, Context& context) {
                 if (!std::holds_alternative<Action>(action)) action.emplace<Action>();
                 read(std::get<Action>(action), node, context);
             }},
            fault::place_of<Action>()};
}

using tls::Offer;
using tls::Profile;

constexpr std::array client_keys = {
    key<fault::Offer, read_versions>("versions"),
    key<fault::Offer, read_ciphers>("ciphers"),
    key<fault::Offer, read_names<&Offer::cipher_suites, &Profile::cipher_suites>>("cipher_suites"),
    key<fault::Offer, read_names<&Offer::groups, &Profile::groups>>("groups"),
    key<fault::Offer, read_names<&Offer::signature_algorithms, &Profile::signature_algorithms>>(
        "signature_algorithms"),
    key<fault::Offer, read_alpn>("alpn"),
    key<fault::Hello, read_without>("without_extension"),
    key<fault::Hello, read_reorder>("reorder_extensions"),
    key<fault::Hello, read_tampered>("tamper_alpn"),
    key<fault::Split, read_split>("split"),
    key<fault::Split, read_pause>("pause"),
    key<fault::Delay, read_delay>("delay"),
    key<fault::Path, read_kind<PathKind::reset>>("reset"),
    key<fault::Path, read_kind<PathKind::close>>("close"),
    key<fault::Path, read_kind<PathKind::silence>>("silence"),
    key<fault::Path, read_throttle>("throttle"),
    key<fault::Path, read_after>("after"),
    key<fault::Path, read_direction>("direction"),
};

std::size_t count_of(Node const& node, std::span<std::string_view const> names) {
    return static_cast<std::size_t>(
        std::ranges::count_if(names, [&](auto name) { return find(*node.table(), name) != nullptr; }));
}

constexpr std::array<std::string_view, 6> path_keys = {"reset",    "close", "silence",
                                                       "throttle", "after", "direction"};
constexpr auto path_kinds = std::span(path_keys).first<4>();

void check_together(FaultAction const& action, Node const& node, Context& context) {
    bool const mixed = std::ranges::any_of(*node.table(), [&](Member const& member) {
        auto const* const row =
            std::ranges::find(client_keys, member.key, [](ClientKey const& one) { return one.key.name; });
        return row != client_keys.end() && row->of != action.index();
    });
    if (mixed || node.table()->empty())
        context.error(
            node.at,
            "\"do\" of a client takes what it offers (\"versions\", \"groups\", \"alpn\", ...), or how its "
            "hello is edited (\"without_extension\", \"reorder_extensions\", \"tamper_alpn\"), or \"split\" "
            "with \"pause\", or \"delay\", or one of " +
                text::joined(path_kinds) +
                " with \"after\" and \"direction\": write one [[rule.fault]] for each");
    else if (std::holds_alternative<fault::Path>(action) && count_of(node, path_keys) > 0 &&
             count_of(node, path_kinds) != 1)
        context.error(node.at, "what becomes of a path is one of " + text::joined(path_kinds) +
                                   "; \"after\" and \"direction\" say where");
    else if (std::holds_alternative<fault::Split>(action) && !find(*node.table(), "split"))
        context.error(node.at, "\"pause\" is between the two parts of a \"split\"");
}

void check_offer(fault::Offer const& fault, Node const& node, Context& context) {
    auto const base = *tls::built_in_profile("modern");
    for (auto const& cannot : context.capabilities().incapable(with_offer(base, fault.offer)))
        context.error(node.at, "this cannot be offered: " + cannot.key + ": " + cannot.reason);
}

} // namespace

std::vector<std::string_view> client_action_names() {
    std::vector<std::string_view> names;
    for (auto const& row : client_keys)
        names.push_back(row.key.name);
    return names;
}

FaultAction client_action_value(Node const& node, Context& context) {
    FaultAction action = fault::Path{};
    std::vector<Key<FaultAction>> keys;
    for (auto const& row : client_keys)
        keys.push_back(row.key);
    auto const names = origin_action_names();
    read_table<FaultAction>(node, "do", keys, action, context, {names, "a fault with as = \"origin\""});
    if (node.table()) check_together(action, node, context);
    if (auto const* offer = std::get_if<fault::Offer>(&action)) check_offer(*offer, node, context);
    if (auto* path = std::get_if<fault::Path>(&action); path && !path->kind)
        path->kind = PathKind::silence; // told already
    return action;
}

} // namespace alert40::policy::parse
