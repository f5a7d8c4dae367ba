#include "policy/parse/values.hpp"

#include "policy/limits.hpp"
#include "policy/time_text.hpp"

#include <algorithm>
#include <fstream>

namespace alert40::policy::parse {
namespace {

void wrong_type(Node const& node, std::string_view wanted, Context& context) {
    context.error(node.at,
                  context.key() + " takes " + std::string(wanted) + ", not " + std::string(node.kind()));
}

bool has_control_characters(std::string_view text) {
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

std::vector<Text> elements(Node::List const& list, Context& context) {
    std::vector<Text> texts;
    if (list.size() > limits::list) {
        context.error(list[limits::list].at,
                      context.key() + " has more than " + std::to_string(limits::list) + " elements");
        return texts;
    }
    for (auto const& node : list)
        if (auto one = text_value(node, context)) texts.push_back({std::move(*one), node.at});
    return texts;
}

} // namespace

std::optional<std::string> text_value(Node const& node, Context& context) {
    auto const* text = node.text();
    if (!text) {
        wrong_type(node, "a string", context);
    } else if (text->size() > limits::text) {
        context.error(node.at, context.key() + " is longer than " + std::to_string(limits::text) + " bytes");
    } else if (has_control_characters(*text)) {
        context.error(node.at, context.key() + " has a control character in it");
    } else {
        return *text;
    }
    return std::nullopt;
}

std::vector<Text> texts_value(Node const& node, Context& context) {
    if (auto const* list = node.list()) return elements(*list, context);
    if (!node.text()) {
        wrong_type(node, "a string or a list of strings", context);
        return {};
    }
    return elements({node}, context);
}

std::vector<Text> text_list_value(Node const& node, Context& context) {
    if (auto const* list = node.list()) return elements(*list, context);
    wrong_type(node, "a list of strings", context);
    return {};
}

std::optional<std::int64_t> integer_value(Node const& node, std::int64_t low, std::int64_t high,
                                          Context& context) {
    auto const* number = std::get_if<std::int64_t>(&node.value);
    auto const wanted = "a number from " + std::to_string(low) + " to " + std::to_string(high);
    if (!number)
        wrong_type(node, wanted, context);
    else if (*number < low || *number > high)
        context.error(node.at, context.key() + " takes " + wanted + ", not " + std::to_string(*number));
    else
        return *number;
    return std::nullopt;
}

std::optional<bool> boolean_value(Node const& node, Context& context) {
    if (auto const* boolean = std::get_if<bool>(&node.value)) return *boolean;
    wrong_type(node, "true or false", context);
    return std::nullopt;
}

std::optional<std::chrono::milliseconds> duration_value(Node const& node, Context& context) {
    if (!node.text()) {
        wrong_type(node, R"(a span of time such as "10m" or "250ms")", context);
        return std::nullopt;
    }
    auto const text = text_value(node, context);
    if (!text) return std::nullopt;
    auto const duration = parse_duration(*text);
    if (!duration)
        context.error(node.at, context.key() +
                                   R"( takes a span of time such as "10m", "250ms" or "1h30m", not )" +
                                   in_quotes(*text));
    return duration;
}

std::optional<std::chrono::system_clock::time_point> time_value(Node const& node, Context& context) {
    if (auto const* time = std::get_if<Node::Time>(&node.value)) return *time;
    auto const* text = node.text();
    auto const time = text ? parse_time(*text) : std::nullopt;
    if (time) return time;
    context.error(node.at, context.key() +
                               " takes a time with its offset such as 2026-11-23T18:00:00Z, not " +
                               (text ? in_quotes(*text) : std::string(node.kind())));
    return std::nullopt;
}

std::optional<Endpoint> endpoint_of(Text const& text, Context& context) {
    auto endpoint = parse_endpoint(text.value);
    if (!endpoint)
        context.error(text.at, context.key() + " takes ADDRESS:PORT such as \"127.0.0.1:4040\", not " +
                                   in_quotes(text.value));
    return endpoint;
}

std::optional<Endpoint> endpoint_value(Node const& node, Context& context) {
    auto text = text_value(node, context);
    return text ? endpoint_of({std::move(*text), node.at}, context) : std::nullopt;
}

std::optional<std::string> file_value(Node const& node, Context& context) {
    auto const written = text_value(node, context);
    if (!written) return std::nullopt;
    auto const path = context.resolve(*written);
    std::error_code error;
    auto const status = std::filesystem::status(path, error);
    if (written->empty() || !std::filesystem::exists(status))
        context.error(node.at, context.key() + ": there is no file " + in_quotes(path.string()));
    else if (!std::filesystem::is_regular_file(status))
        context.error(node.at, context.key() + ": " + in_quotes(path.string()) + " is not a file");
    else if (!std::ifstream(path))
        context.error(node.at, context.key() + ": " + in_quotes(path.string()) + " cannot be read");
    else
        return path.string();
    return std::nullopt;
}

void wrong_choice(Node const& node, std::string const& typed, std::span<std::string_view const> names,
                  Context& context) {
    std::string all;
    for (auto const name : names)
        all += (all.empty() ? "" : name == names.back() ? " or " : ", ") + ('"' + std::string(name) + '"');
    auto const hint = did_you_mean(typed, names);
    context.error(node.at, context.key() + " takes " + all + ", not " + in_quotes(typed) + hint);
}

} // namespace alert40::policy::parse
