#include "app/doctor/settings_file.hpp"

#include "app/doctor/commented_json.hpp"

#include <boost/json.hpp>

namespace alert40::app::doctor {

namespace json = boost::json;

namespace {

using Parsed = boost::system::result<EditorSettings, std::string>;

constexpr std::uintmax_t largest_file = 4 * 1024 * 1024; // bytes; a large one has 50 kB

Parsed failed(std::string line) {
    return {boost::system::in_place_error, std::move(line)};
}

std::optional<std::string> text_at(json::object const& object, json::string_view key) {
    auto const* const value = object.if_contains(key);
    auto const* const text = value ? value->if_string() : nullptr;
    return text ? std::optional(std::string(text->data(), text->size())) : std::nullopt;
}

std::optional<bool> flag_at(json::object const& object, json::string_view key) {
    auto const* const value = object.if_contains(key);
    auto const* const flag = value ? value->if_bool() : nullptr;
    return flag ? std::optional(*flag) : std::nullopt;
}

} // namespace

Parsed parse_editor_settings(std::string_view text, std::string_view http1_mode) {
    auto const value = parse_commented_json(text);
    if (value.has_error()) return failed(value.error());
    auto const* const object = value->if_object();
    if (!object) return failed("it is no JSON object");
    return EditorSettings{text_at(*object, "http.proxy"), text_at(*object, "http.proxySupport"),
                          flag_at(*object, "http.proxyStrictSSL"),
                          flag_at(*object, {http1_mode.data(), http1_mode.size()})};
}

std::optional<Parsed> read_editor_settings(std::filesystem::path const& file, std::string_view http1_mode) {
    auto const text = read_text(file, largest_file);
    if (!text) return std::nullopt;
    auto parsed = text->has_error() ? failed(text->error()) : parse_editor_settings(**text, http1_mode);
    if (parsed.has_error()) return failed(file.string() + ": " + parsed.error());
    return parsed;
}

} // namespace alert40::app::doctor
