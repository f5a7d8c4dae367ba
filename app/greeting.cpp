#include "app/greeting.hpp"

#include "app/version.hpp"

namespace alert40::app {

namespace {

constexpr std::string_view arrow = " -> ";

/// "https://api.example.com" of "127.0.0.1:4050 -> https://api.example.com (TLS)"; empty: none.
std::string origin_behind(std::string const& listener) {
    auto const at = listener.find(arrow);
    if (at == listener.npos) return {};
    auto const origin = listener.substr(at + arrow.size());
    return origin.substr(0, origin.find(' '));
}

/// A mapped listener is tried as it is; on the others, NAME.localhost stands for https://NAME.
std::string command_to_try(std::string const& listener) {
    auto const at = listener.find(arrow);
    auto const address = listener.substr(0, at);
    if (listener.find("https:sni") != listener.npos)
        return "curl --connect-to ::" + address + " https://example.com/";
    if (listener.ends_with(" (TLS)"))
        return "curl --connect-to ::" + address + " " + origin_behind(listener) + "/";
    if (at != listener.npos) return "curl http://" + address + "/";
    return "curl http://example.com.localhost" + listener.substr(listener.rfind(':')) + "/";
}

std::string what_it_does(std::string const& listener) {
    auto const origin = origin_behind(listener);
    return (origin.starts_with("http") && !origin.starts_with("https:sni") ? origin : "https://example.com") +
           "/ through alert40";
}

} // namespace

std::string greeting(std::vector<std::string> const& listening, std::string_view policy, bool colour) {
    auto const bold = [colour](std::string const& text) {
        return colour ? "\033[1m" + text + "\033[0m" : text;
    };
    auto text = "alert40 " + std::string(version) + ", policy: " + std::string(policy) + '\n';
    for (auto const& listener : listening)
        text += "  listens on " + bold(listener) + '\n';
    text += "  try: " + bold(command_to_try(listening.front())) + "   (" + what_it_does(listening.front()) +
            ")\n";
    return text;
}

} // namespace alert40::app
