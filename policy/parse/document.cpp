#include "policy/parse/document.hpp"

#include "policy/limits.hpp"
#include "policy/parse/nesting.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <optional>

namespace alert40::policy::parse {
namespace {

Position position(toml::source_region const& region) {
    return {region.begin.line, region.begin.column};
}

// Nothing for a date that system_clock cannot hold.
std::optional<Node::Time> time_of(toml::date_time const& value) {
    using namespace std::chrono;
    if (value.date.year < 1970 || value.date.year > 2261) return std::nullopt;
    year_month_day const date{year(value.date.year), month(value.date.month), day(value.date.day)};
    return Node::Time(sys_days(date)) + hours(value.time.hour) + minutes(value.time.minute) +
           seconds(value.time.second) - minutes(value.offset->minutes);
}

Node convert(toml::node const& from);

Node::Table convert_table(toml::table const& from) {
    Node::Table table;
    table.reserve(from.size());
    for (auto const& [key, value] : from)
        table.push_back({std::string(key.str()), position(key.source()), convert(value)});
    std::stable_sort(table.begin(), table.end(),
                     [](Member const& a, Member const& b) { return a.at < b.at; });
    return table;
}

Node convert(toml::node const& from) {
    Node node;
    node.at = position(from.source());
    if (auto const* table = from.as_table()) {
        node.value = convert_table(*table);
    } else if (auto const* array = from.as_array()) {
        auto& list = node.value.emplace<Node::List>();
        list.reserve(array->size());
        for (auto const& one : *array)
            list.push_back(convert(one));
    } else if (auto const* text = from.as_string()) {
        node.value = text->get();
    } else if (auto const* integer = from.as_integer()) {
        node.value = integer->get();
    } else if (auto const* real = from.as_floating_point()) {
        node.value = real->get();
    } else if (auto const* boolean = from.as_boolean()) {
        node.value = boolean->get();
    } else if (auto const* moment = from.as_date_time(); moment && moment->get().offset) {
        auto const time = time_of(moment->get());
        if (time)
            node.value = *time;
        else
            node.value = LocalTime{};
    } else {
        node.value = LocalTime{};
    }
    return node;
}

} // namespace

std::string_view Node::kind() const {
    constexpr std::array<std::string_view, 8> names = {"a string",  "a number", "a fraction",
                                                       "a boolean", "a time",   "a time without an offset",
                                                       "a list",    "a table"};
    return names.at(value.index());
}

Node const* find(Node::Table const& table, std::string_view key) {
    auto const found =
        std::find_if(table.begin(), table.end(), [&](Member const& member) { return member.key == key; });
    return found == table.end() ? nullptr : &found->value;
}

boost::system::result<Node, SyntaxError> parse_document(std::string_view text) {
    if (auto const at = too_deep(text))
        return SyntaxError{*at, "nested deeper than any policy can be (" + std::to_string(limits::nesting) +
                                    " levels)"};
    try {
        return convert(toml::parse(text));
    } catch (toml::parse_error const& error) {
        return SyntaxError{position(error.source()), "not TOML: " + std::string(error.description())};
    }
}

} // namespace alert40::policy::parse
