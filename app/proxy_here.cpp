#include "app/proxy_here.hpp"

#include "app/control_request.hpp"
#include "app/control_socket.hpp"
#include "app/exit.hpp"
#include "app/local_authority.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace alert40::app {

namespace json = boost::json;
using pointing::ProxyAddress;

std::string to_json(WayIn const& way_in) {
    return json::serialize(
        json::object{{"listening", json::value_from(way_in.listening)},
                     {"credentials", way_in.credentials},
                     {"intercepts", way_in.intercepts},
                     {"authority", json::object{{"cert", way_in.authority.cert},
                                                {"key", way_in.authority.key},
                                                {"named", way_in.authority.named_by_user}}}});
}

WayIn parse_way_in(std::string_view text) {
    try {
        auto const value = json::parse(json::string_view(text.data(), text.size()));
        auto const& authority = value.at("authority");
        return {.listening = json::value_to<std::vector<std::string>>(value.at("listening")),
                .credentials = json::value_to<std::string>(value.at("credentials")),
                .intercepts = value.at("intercepts").as_bool(),
                .authority = {json::value_to<std::string>(authority.at("cert")),
                              json::value_to<std::string>(authority.at("key")),
                              authority.at("named").as_bool()}};
    } catch (std::exception const& error) {
        throw CommandError(std::string("the running proxy's answer cannot be read (another version?): ") +
                           error.what());
    }
}

std::optional<ProxyHere> running_proxy(std::optional<std::uint16_t> port) {
    if (!port && running_proxy_count() == 0) return std::nullopt;
    auto way_in =
        parse_way_in(ask_running_proxy(port, to_json(ControlRequest{ControlRequest::Command::way_in, {}})));
    for (auto const& listener : way_in.listening)
        if (auto address = pointing::parse_listener(listener)) {
            address->credentials = std::move(way_in.credentials);
            return ProxyHere{std::move(*address), way_in.intercepts, std::move(way_in.authority)};
        }
    throw CommandError(
        "the running proxy has mapped listeners only; apps that take a proxy need a proxy listener");
}

ProxyHere proxy_of(policy::Policy const& policy) {
    if (policy.listen.proxy.empty())
        throw CommandError(
            "the policy has mapped listeners only; apps that take a proxy need a proxy listener");
    auto address = pointing::parse_listener(policy.listen.proxy.front().text());
    if (!address) throw CommandError("no proxy runs, and the policy lets the system choose its port");
    return proxy_at(std::move(*address), policy);
}

ProxyHere proxy_at(ProxyAddress address, policy::Policy const& policy) {
    if (!policy.listen.credentials.empty()) address.credentials = policy.listen.credentials.front();
    return {std::move(address), intercepts(policy), authority_files(policy)};
}

bool intercepts(policy::Policy const& policy) {
    return std::ranges::any_of(policy.rules,
                               [](auto const& rule) { return rule.mode == policy::Mode::intercept; });
}

} // namespace alert40::app
