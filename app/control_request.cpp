#include "app/control_request.hpp"

#include "app/exit.hpp"

#include <boost/json.hpp>

namespace alert40::app {

namespace json = boost::json;

namespace {

using Command = ControlRequest::Command;

std::string_view name_of(Command command) {
    switch (command) {
    case Command::status: return "status";
    case Command::hosts: return "hosts";
    case Command::way_in: return "way_in";
    case Command::forget: break;
    }
    return "forget";
}

json::string_view view(std::string_view text) {
    return {text.data(), text.size()};
}

/// The text of a member; empty where there is none, or where it is something else.
std::string text_at(json::object const& object, std::string_view key) {
    auto const* const value = object.if_contains(view(key));
    auto const* const text = value ? value->if_string() : nullptr;
    return text ? std::string(text->data(), text->size()) : std::string();
}

json::value parsed(std::string_view text) {
    boost::system::error_code error;
    auto value = json::parse(view(text), error);
    return error ? json::value(nullptr) : value;
}

} // namespace

std::string to_json(ControlRequest const& request) {
    json::object object{{"command", view(name_of(request.command))}};
    if (request.command == Command::forget) object["host"] = request.host;
    return json::serialize(object);
}

boost::system::result<ControlRequest, std::string> parse_control_request(std::string_view text) {
    auto const value = parsed(text);
    auto const* const object = value.if_object();
    if (!object) return std::string("a request is one JSON object");
    auto const command = text_at(*object, "command");
    for (auto const plain : {Command::status, Command::hosts, Command::way_in})
        if (command == name_of(plain)) return ControlRequest{plain, {}};
    if (command != name_of(Command::forget))
        return std::string("the commands are status, hosts, way_in and forget");
    auto host = text_at(*object, "host");
    if (host.empty()) return std::string("forget wants a host, or \"*\" for all");
    return ControlRequest{Command::forget, std::move(host)};
}

std::string forgotten_json(std::size_t count) {
    return json::serialize(json::object{{"forgotten", count}});
}

std::string error_json(std::string_view line) {
    return json::serialize(json::object{{"error", view(line)}});
}

std::size_t parse_forgotten(std::string_view text) {
    auto const value = parsed(text);
    auto const* const object = value.if_object();
    if (object) {
        boost::system::error_code no_count;
        auto const* const count = object->if_contains("forgotten");
        auto const number = count ? count->to_number<std::size_t>(no_count) : 0;
        if (count && !no_count) return number;
        auto const error = text_at(*object, "error");
        if (!error.empty()) throw CommandError("the running proxy says: " + error);
    }
    throw CommandError("the running proxy's answer cannot be read (another version?)");
}

} // namespace alert40::app
