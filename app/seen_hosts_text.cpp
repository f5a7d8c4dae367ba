#include "app/seen_hosts.hpp"

#include "app/exit.hpp"
#include "record/printable.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace alert40::app {

namespace json = boost::json;

namespace {

std::string text_at(json::object const& object, json::string_view key) {
    return json::value_to<std::string>(object.at(key));
}

std::size_t count_at(json::object const& object, json::string_view key) {
    return json::value_to<std::size_t>(object.at(key));
}

SeenHost host_from(json::object const& object) {
    SeenHost host;
    host.host = text_at(object, "host");
    host.port = json::value_to<std::uint16_t>(object.at("port"));
    host.handshakes = count_at(object, "handshakes");
    host.established = count_at(object, "established");
    host.intercepted = count_at(object, "intercepted");
    host.negotiated = text_at(object, "negotiated");
    for (auto const& one : object.at("failures").as_array()) {
        auto const& failure = one.as_object();
        host.failures.push_back({text_at(failure, "what"), text_at(failure, "next"),
                                 count_at(failure, "times"), text_at(failure, "hint")});
    }
    return host;
}

json::object json_of(SeenHost const& host) {
    json::array failures;
    for (auto const& failure : host.failures)
        failures.push_back(json::object{{"what", failure.what},
                                        {"next", failure.next},
                                        {"times", failure.times},
                                        {"hint", failure.hint}});
    return {{"host", host.host},
            {"port", host.port},
            {"handshakes", host.handshakes},
            {"established", host.established},
            {"intercepted", host.intercepted},
            {"negotiated", host.negotiated},
            {"failures", std::move(failures)}};
}

std::string shown(std::string const& text) {
    return record::printable(text, 200);
}

std::string endpoint(SeenHost const& host) {
    bool const ipv6 = host.host.find(':') != std::string::npos;
    return (ipv6 ? '[' + host.host + ']' : shown(host.host)) + ':' + std::to_string(host.port);
}

std::string times(std::size_t count) {
    return std::to_string(count) + 'x';
}

/// "3x  TLS 1.3 h2"
std::string handshakes(SeenHost const& host) {
    if (host.handshakes == 0 && host.intercepted != 0)
        return times(host.intercepted) + "  intercepted; no new handshake with the origin";
    return times(host.handshakes) + "  " +
           (host.negotiated.empty() ? "never established" : shown(host.negotiated));
}

} // namespace

std::string to_json(std::vector<SeenHost> const& hosts) {
    json::array array;
    for (auto const& host : hosts)
        array.push_back(json_of(host));
    return json::serialize(json::object{{"hosts", std::move(array)}});
}

std::vector<SeenHost> parse_seen_hosts(std::string_view text) {
    try {
        std::vector<SeenHost> hosts;
        auto const answer = json::parse(json::string_view(text.data(), text.size()));
        for (auto const& one : answer.as_object().at("hosts").as_array())
            hosts.push_back(host_from(one.as_object()));
        return hosts;
    } catch (std::exception const& error) {
        throw CommandError(std::string("the running proxy's answer cannot be read (another version?): ") +
                           error.what());
    }
}

std::string to_text(std::vector<SeenHost> const& hosts) {
    std::size_t width = 0;
    for (auto const& host : hosts)
        width = std::max(width, endpoint(host).size());
    std::string out;
    for (auto const& host : hosts) {
        auto const name = endpoint(host);
        out += "  " + name + std::string(width - name.size() + 2, ' ') + handshakes(host) + '\n';
        for (auto const& failure : host.failures) {
            out += "      " + times(failure.times) + ' ' + shown(failure.what) +
                   (failure.next.empty() ? "" : " -> " + shown(failure.next)) + '\n';
            if (!failure.hint.empty())
                out += "         hint: " + record::printable(failure.hint, 1000) + '\n';
        }
    }
    return out;
}

} // namespace alert40::app
