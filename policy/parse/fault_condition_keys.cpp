#include "policy/parse/fault_condition_keys.hpp"

#include "policy/limits.hpp"
#include "policy/parse/hello_match_keys.hpp"
#include "policy/parse/table.hpp"
#include "policy/parse/values.hpp"

#include <array>

namespace alert40::policy::parse {
namespace {

void read_chance(FaultCondition& when, Node const& node, Context& context) {
    auto const* whole = std::get_if<std::int64_t>(&node.value);
    auto const* part = std::get_if<double>(&node.value);
    double const chance = part ? *part : whole ? static_cast<double>(*whole) : 0;
    if (chance > 0 && chance <= 1)
        when.chance = chance;
    else
        context.error(node.at, "\"chance\" takes a part of one such as 0.1, which is one in ten");
}

template <auto member>
void read_count(FaultCondition& when, Node const& node, Context& context) {
    if (auto const n = integer_value(node, 1, limits::fault_count, context))
        when.*member = static_cast<std::size_t>(*n);
}

void read_seed(FaultCondition& when, Node const& node, Context& context) {
    if (auto const n = integer_value(node, 0, limits::fault_count, context))
        when.seed = static_cast<std::uint64_t>(*n);
}

void read_bound(std::optional<TimeBound>& bound, Node const& node, Context& context) {
    auto const* text = node.text();
    if (auto const daily = text ? parse_time_of_day(*text) : std::nullopt)
        bound = *daily;
    else if (text && text->size() <= 5)
        context.error(node.at, context.key() +
                                   " takes a time of day such as \"14:30\", or a time with its date "
                                   "and offset, not " +
                                   in_quotes(*text));
    else if (auto const time = time_value(node, context))
        bound = *time;
}

constexpr std::array own_keys = {
    Key<FaultCondition>{"segments_over", read_count<&FaultCondition::segments_over>},
    Key<FaultCondition>{"from", [](FaultCondition& when, Node const& node,
                                   Context& c) { read_bound(when.time.from, node, c); }},
    Key<FaultCondition>{"until", [](FaultCondition& when, Node const& node,
                                    Context& c) { read_bound(when.time.until, node, c); }},
    Key<FaultCondition>{"chance", read_chance},
    Key<FaultCondition>{"seed", read_seed},
    Key<FaultCondition>{"every", read_count<&FaultCondition::every>},
    Key<FaultCondition>{"times", read_count<&FaultCondition::times>},
};

void read_method(RequestMatch& match, Node const& node, Context& context) {
    for (auto& text : texts_value(node, context))
        match.methods.push_back(std::move(text.value));
}

void read_path(RequestMatch& match, Node const& node, Context& context) {
    for (auto& text : texts_value(node, context)) {
        if (!text.value.starts_with('/') && !text.value.starts_with('*'))
            context.error(text.at, "\"path\" takes \"/a/path\", or with \"*\" for anything, not " +
                                       in_quotes(text.value));
        match.paths.push_back(std::move(text.value));
    }
}

constexpr std::array request_keys = {
    Key<RequestMatch>{"method", read_method},
    Key<RequestMatch>{"path", read_path},
};

/// As it is called here, among keys that are not about the hello.
std::string_view name_in_when(std::string_view hello_key) {
    return hello_key == "bytes_over" ? "hello_bytes_over" : hello_key;
}

void read_condition(FaultCondition& when, Member const& member, Context& context) {
    std::vector<std::string_view> names;
    for (auto const& key : own_keys) {
        if (key.name == member.key) return read_member(key, when, member, context);
        names.push_back(key.name);
    }
    for (auto const& key : request_keys) {
        if (key.name == member.key) {
            if (!when.request) when.request.emplace();
            return read_member(key, *when.request, member, context);
        }
        names.push_back(key.name);
    }
    for (auto const& key : hello_match_keys()) {
        auto const name = name_in_when(key.name);
        if (name == member.key) {
            if (!when.hello) when.hello.emplace();
            return read_member(key, *when.hello, member, context);
        }
        names.push_back(name);
    }
    unknown_key(member, "when", names, {}, context);
}

} // namespace

FaultCondition fault_condition_value(Node const& node, Context& context) {
    FaultCondition when;
    auto const* table = table_of(node, "when", context);
    if (!table) return when;
    for (auto const& member : *table)
        read_condition(when, member, context);
    if (when.hello) check_hello_match(*when.hello, node, context);
    if (when.time.is_empty())
        context.error(node.at, "no time is from " + bound_text(*when.time.from) + " and before " +
                                   bound_text(*when.time.until));
    if (find(*table, "seed") && !when.chance)
        context.error(node.at, "\"seed\" starts what \"chance\" draws from: it does nothing alone");
    return when;
}

} // namespace alert40::policy::parse
