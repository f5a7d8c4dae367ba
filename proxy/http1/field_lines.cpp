#include "proxy/http1/field_lines.hpp"

#include "proxy/message/limits.hpp"
#include "proxy/message/syntax.hpp"

namespace alert40::proxy::http1 {
namespace {

constexpr std::string_view line_end = "\r\n";
constexpr std::size_t usual_fields = 16;

std::string_view trimmed(std::string_view value) {
    while (!value.empty() && is_white_space(value.front()))
        value.remove_prefix(1);
    while (!value.empty() && is_white_space(value.back()))
        value.remove_suffix(1);
    return value;
}

} // namespace

FieldLines read_field_lines(std::string_view text, Fields& fields, HeadFacts& facts) {
    fields.reserve(usual_fields);
    for (std::size_t count = 0; text != line_end; ++count) {
        if (count == limits::fields) return FieldLines::too_many;
        auto const name = text.substr(0, token_size(text));
        text.remove_prefix(name.size());
        if (name.empty() || !text.starts_with(':')) return FieldLines::malformed;
        text.remove_prefix(1);
        auto const value = text.substr(0, text_size(text));
        text.remove_prefix(value.size());
        if (!text.starts_with(line_end)) return FieldLines::malformed;
        text.remove_prefix(line_end.size());

        Field const field{name, trimmed(value), classify(name)};
        if (facts.note(field)) fields.push_back(field);
    }
    return FieldLines::good;
}

std::string_view take_line(std::string_view& text) {
    auto const line = text.substr(0, text.find(line_end));
    text.remove_prefix(line.size() + line_end.size());
    return line;
}

} // namespace alert40::proxy::http1
