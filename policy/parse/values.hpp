#pragma once

#include "policy/origin.hpp"
#include "policy/parse/context.hpp"
#include "policy/parse/document.hpp"
#include "policy/parse/nearest.hpp"

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Values of the one type that a key takes. Each says what is wrong, and gives nothing then.
namespace alert40::policy::parse {

struct Text {
    std::string value;
    Position at;
};

/// At most limits::text bytes, no control characters.
std::optional<std::string> text_value(Node const& node, Context& context);
/// One string, or a list of strings: without the elements that are wrong.
std::vector<Text> texts_value(Node const& node, Context& context);
/// Only a list of strings.
std::vector<Text> text_list_value(Node const& node, Context& context);
std::optional<std::int64_t> integer_value(Node const& node, std::int64_t low, std::int64_t high,
                                          Context& context);
std::optional<bool> boolean_value(Node const& node, Context& context);
std::optional<std::chrono::milliseconds> duration_value(Node const& node, Context& context);
/// A TOML time with an offset, or the same as a string.
std::optional<std::chrono::system_clock::time_point> time_value(Node const& node, Context& context);
/// ADDRESS:PORT to listen on.
std::optional<Endpoint> endpoint_of(Text const& text, Context& context);
std::optional<Endpoint> endpoint_value(Node const& node, Context& context);
/// The path of a file that exists and can be read.
std::optional<std::string> file_value(Node const& node, Context& context);

/// One of a few words.
template <class Value>
struct Choice {
    std::string_view name;
    Value value;
};

void wrong_choice(Node const& node, std::string const& typed, std::span<std::string_view const> names,
                  Context& context);

/// `choices`: an array or vector of Choice.
template <class Choices>
auto choice_value(Node const& node, Choices const& choices, Context& context)
    -> std::optional<decltype(Choices::value_type::value)> {
    auto const typed = text_value(node, context);
    if (!typed) return std::nullopt;
    std::vector<std::string_view> names;
    for (auto const& choice : choices) {
        if (choice.name == *typed) return choice.value;
        names.push_back(choice.name);
    }
    wrong_choice(node, *typed, names, context);
    return std::nullopt;
}

/// Stores what was read, if anything was.
template <class To, class From>
void store(To& to, std::optional<From> from) {
    if (from) to = std::move(*from);
}

} // namespace alert40::policy::parse
