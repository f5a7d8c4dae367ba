#include "app/doctor/settings_file.hpp"

#include <boost/json.hpp>

#include <fstream>
#include <iterator>

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

Parsed parse_editor_settings(std::string_view text) {
    json::parse_options options;
    options.allow_comments = true;
    options.allow_trailing_commas = true;
    boost::system::error_code error;
    auto const value = json::parse(json::string_view(text.data(), text.size()), error, {}, options);
    if (error) return failed("it is no JSON with comments: " + error.message());
    auto const* const object = value.if_object();
    if (!object) return failed("it is no JSON object");
    return EditorSettings{text_at(*object, "http.proxy"), text_at(*object, "http.proxySupport"),
                          flag_at(*object, "http.proxyStrictSSL"),
                          flag_at(*object, "cursor.general.disableHttp2")};
}

std::optional<Parsed> read_editor_settings(std::filesystem::path const& file) {
    std::error_code missing;
    auto const size = std::filesystem::file_size(file, missing);
    if (missing) return std::nullopt;
    if (size > largest_file) return failed(file.string() + ": it is too large to be settings");
    std::ifstream in(file, std::ios::binary);
    std::string const text{std::istreambuf_iterator<char>(in), {}};
    auto parsed = parse_editor_settings(text);
    if (parsed.has_error()) return failed(file.string() + ": " + parsed.error());
    return parsed;
}

} // namespace alert40::app::doctor
