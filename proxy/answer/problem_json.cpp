#include "proxy/answer/problem.hpp"

#include "record/failure_text.hpp"
#include "record/printable.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace alert40::proxy {

namespace json = boost::json;

namespace {

json::object alert_json(tls::Alert const& alert) {
    return {{"id", static_cast<unsigned>(alert.description)},
            {"name", name_of(alert.description)},
            {"level", name_of(alert.level)},
            {"direction", name_of(alert.direction)}};
}

json::array words(std::vector<std::string> const& texts) {
    json::array list;
    for (auto const& text : texts)
        list.emplace_back(record::valid_utf8(text));
    return list;
}

/// The same keys as in a record, as far as they help.
json::object attempt_json(record::HandshakeRecord const& attempt) {
    json::object object{{"record", attempt.id},
                        {"attempt", attempt.attempt},
                        {"profile", record::valid_utf8(attempt.profile)},
                        {"address", attempt.target.address}};
    if (auto const& offered = attempt.handshake.offered)
        object["offered"] =
            json::object{{"versions", words(offered->versions)}, {"alpn", words(offered->alpn)}};
    object["outcome"] = name_of(attempt.outcome);
    if (auto const& failure = attempt.failure) {
        object["phase"] = name_of(failure->phase);
        object["kind"] = name_of(failure->kind);
        if (failure->alert) object["alert"] = alert_json(*failure->alert);
        object["text"] = record::failure_text(*failure);
    }
    object["milliseconds"] = std::chrono::round<std::chrono::milliseconds>(attempt.timing.total).count();
    return object;
}

/// Objects and lists that hold others are broken into lines, the innermost stay on one.
void indent(std::string& out, json::value const& value, std::size_t depth);

bool nested(json::value const& value) {
    return value.is_structured() &&
           !(value.is_object() ? value.get_object().empty() : value.get_array().empty());
}

template <typename Items, typename Print>
void indent_items(std::string& out, Items const& items, char open, char close, std::size_t depth,
                  Print print) {
    out += open;
    bool first = true;
    for (auto const& item : items) {
        out.append(first ? "\n" : ",\n").append(2 * (depth + 1), ' ');
        print(item);
        first = false;
    }
    out.append("\n").append(2 * depth, ' ') += close;
}

void indent(std::string& out, json::value const& value, std::size_t depth) {
    auto const is_nested = [](auto const& item) {
        if constexpr (requires { item.value(); })
            return nested(item.value());
        else
            return nested(item);
    };
    if (auto const* const object = value.if_object();
        object != nullptr && (depth == 0 || std::ranges::any_of(*object, is_nested)))
        indent_items(out, *object, '{', '}', depth, [&](json::key_value_pair const& member) {
            out += json::serialize(json::string{member.key()}) + ": ";
            indent(out, member.value(), depth + 1);
        });
    else if (auto const* const list = value.if_array();
             list != nullptr && (list->size() > 1 || std::ranges::any_of(*list, is_nested)) && depth < 2)
        indent_items(out, *list, '[', ']', depth,
                     [&](json::value const& item) { indent(out, item, depth + 1); });
    else
        out += json::serialize(value);
}

} // namespace

std::string problem_json(Problem const& problem) {
    auto section = std::string{problem.error.type};
    std::ranges::replace(section, '_', '-');
    json::object object{{"type", "https://www.rfc-editor.org/rfc/rfc9209#name-" + section},
                        {"title", problem.error.title},
                        {"status", problem.error.status},
                        {"detail", record::valid_utf8(problem.summary)},
                        {"origin", record::valid_utf8(problem.origin)},
                        {"error", problem.error.type}};
    if (problem.failure && problem.failure->alert) object["alert"] = alert_json(*problem.failure->alert);
    if (!problem.injected_by.empty()) object["injected_by"] = record::valid_utf8(problem.injected_by);
    if (!problem.cause.verdict.empty()) object["verdict"] = problem.cause.verdict;
    if (!problem.cause.names.empty()) object["causes"] = words(problem.cause.names);
    if (!problem.confidence.empty()) object["confidence"] = problem.confidence;
    if (!problem.cause.remedies.empty()) object["remedies"] = words(problem.cause.remedies);
    if (!problem.attempts.empty()) {
        auto& attempts = object["attempts"].emplace_array();
        for (auto const& attempt : problem.attempts)
            attempts.push_back(attempt_json(attempt));
    }
    std::string out;
    indent(out, object, 0);
    return out += '\n';
}

} // namespace alert40::proxy
