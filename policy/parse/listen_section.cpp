#include "policy/host_name.hpp"
#include "policy/limits.hpp"
#include "policy/parse/sections.hpp"
#include "policy/parse/table.hpp"
#include "policy/parse/values.hpp"

#include <array>
#include <set>

namespace alert40::policy::parse {
namespace {

std::optional<Endpoint> endpoint_of(Text const& text, Context& context) {
    auto endpoint = parse_endpoint(text.value);
    if (!endpoint) {
        context.error(text.at, context.key() + " takes ADDRESS:PORT such as \"127.0.0.1:4040\", not " +
                                   in_quotes(text.value));
    } else if (!is_loopback(endpoint->address)) {
        context.warning(
            text.at, endpoint->text() +
                         " is not loopback: everybody who reaches it can use the proxy, without credentials");
    }
    return endpoint;
}

std::optional<Endpoint> endpoint_value(Node const& node, Context& context) {
    auto text = text_value(node, context);
    return text ? endpoint_of({std::move(*text), node.at}, context) : std::nullopt;
}

void read_proxy(Listen& listen, Node const& node, Context& context) {
    listen.proxy.clear();
    for (auto const& text : texts_value(node, context)) {
        if (listen.proxy.size() == limits::listeners)
            return context.error(text.at, "more than " + std::to_string(limits::listeners) + " listeners");
        if (auto endpoint = endpoint_of(text, context)) listen.proxy.push_back(std::move(*endpoint));
    }
}

constexpr std::array listen_keys = {
    Key<Listen>{"proxy", read_proxy},
    Key<Listen>{"ui",
                [](Listen& listen, Node const& node, Context& c) { listen.ui = endpoint_value(node, c); }},
    Key<Listen>{"threads",
                [](Listen& listen, Node const& node, Context& c) {
                    if (auto const n = integer_value(node, 1, limits::threads, c))
                        listen.threads = static_cast<unsigned>(*n);
                }},
};

constexpr std::array authority_keys = {
    Key<Authority>{"cert", [](Authority& authority, Node const& node,
                              Context& c) { store(authority.cert, file_value(node, c)); }},
    Key<Authority>{"key", [](Authority& authority, Node const& node,
                             Context& c) { store(authority.key, file_value(node, c)); }},
};

void read_to(Map& map, Node const& node, Context& context) {
    auto const text = text_value(node, context);
    if (!text) return;
    if (*text == "sni" || *text == "https:sni")
        return context.error(node.at, "to = " + in_quotes(*text) + " is not in this version");
    auto origin = parse_origin(*text);
    if (!origin)
        context.error(node.at,
                      "\"to\" takes an origin such as \"https://api.example.com\", without a path, not " +
                          in_quotes(*text));
    else
        map.to = std::move(*origin);
}

constexpr std::array map_keys = {
    Key<Map>{"listen",
             [](Map& map, Node const& node, Context& c) { store(map.listen, endpoint_value(node, c)); }},
    Key<Map>{"to", read_to},
    Key<Map>{"tls",
             [](Map&, Node const& node, Context& c) {
                 c.error(node.at, "a listener that speaks TLS (tls) is not in this version");
             }},
};

} // namespace

void read_listen(Node const& section, Policy& policy, Context& context) {
    read_table<Listen>(section, "[listen]", listen_keys, policy.listen, context);
}

void read_authority(Node const& section, Policy& policy, Context& context) {
    Authority authority;
    read_table<Authority>(section, "[authority]", authority_keys, authority, context);
    if (auto const* table = section.table(); table && (!find(*table, "cert") || !find(*table, "key")))
        context.error(section.at, "[authority] needs both \"cert\" and \"key\"");
    policy.authority = std::move(authority);
}

void read_maps(Node const& section, Policy& policy, Context& context) {
    for (auto const* node : tables_of(section, "[[map]]", limits::maps, context)) {
        Map map;
        read_table<Map>(*node, "[[map]]", map_keys, map, context);
        for (std::string_view const needed : {"listen", "to"})
            if (!find(*node->table(), needed)) context.error(node->at, "[[map]] needs " + in_quotes(needed));
        policy.maps.push_back(std::move(map));
    }
}

void check_listeners(Node const* listen, Node const* maps, Policy const& policy, Context& context) {
    if (policy.listen.proxy.empty() && policy.maps.empty())
        context.error(listen ? listen->at : Position{},
                      "nothing to listen on: \"proxy\" in [listen] is empty, and there is no [[map]]");

    std::set<std::string> seen;
    auto const once = [&](Endpoint const& endpoint, Position at) {
        if (endpoint.port != 0 && !seen.insert(endpoint.text()).second)
            context.error(at, endpoint.text() + " is listened on twice");
    };
    auto const place = [](Node const& table, std::string_view key) {
        auto const* node = find(*table.table(), key);
        return node ? node->at : table.at;
    };
    Position const proxies = listen ? place(*listen, "proxy") : Position{};
    for (auto const& endpoint : policy.listen.proxy)
        once(endpoint, proxies);
    if (policy.listen.ui) once(*policy.listen.ui, place(*listen, "ui"));
    for (std::size_t i = 0; i < policy.maps.size(); ++i)
        once(policy.maps[i].listen, place((*maps->list())[i], "listen"));
}

} // namespace alert40::policy::parse
