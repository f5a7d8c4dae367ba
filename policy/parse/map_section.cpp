#include "policy/host_name.hpp"
#include "policy/limits.hpp"
#include "policy/parse/sections.hpp"
#include "policy/parse/table.hpp"
#include "policy/parse/values.hpp"

#include <array>

namespace alert40::policy::parse {
namespace {

/// One [[map]] under way: what `to` says decides what `tls` may say.
struct MapDraft {
    Map map;
    std::optional<bool> tls;
};

void read_map_listen(MapDraft& draft, Node const& node, Context& context) {
    auto endpoint = endpoint_value(node, context);
    if (!endpoint) return;
    if (!is_loopback(endpoint->address))
        context.warning(node.at, endpoint->text() +
                                     " is not loopback: everybody who reaches it can use it, and a "
                                     "mapped listener cannot ask for credentials");
    draft.map.listen = std::move(*endpoint);
}

void read_to(MapDraft& draft, Node const& node, Context& context) {
    auto const text = text_value(node, context);
    if (!text) return;
    auto target = parse_map_target(*text);
    if (!target)
        return context.error(node.at,
                             "\"to\" takes an origin such as \"https://api.example.com\", without a path, "
                             "or \"https:sni\", not " +
                                 in_quotes(*text));
    target->listen = std::move(draft.map.listen);
    draft.map = std::move(*target);
}

constexpr std::array map_keys = {
    Key<MapDraft>{"listen", read_map_listen},
    Key<MapDraft>{"to", read_to},
    Key<MapDraft>{"tls",
                  [](MapDraft& draft, Node const& node, Context& c) { draft.tls = boolean_value(node, c); }},
};

Map read_map(Node const& node, Context& context) {
    MapDraft draft;
    read_table<MapDraft>(node, "[[map]]", map_keys, draft, context);
    auto const& table = *node.table();
    for (std::string_view const needed : {"listen", "to"})
        if (!find(table, needed)) context.error(node.at, "[[map]] needs " + in_quotes(needed));
    if (draft.map.sni && draft.tls == false)
        context.error(find(table, "tls")->at, "to = " + in_quotes(draft.map.target()) +
                                                  " takes the host from a ClientHello: it needs tls = true");
    draft.map.tls = draft.map.sni || draft.tls.value_or(false);
    return std::move(draft.map);
}

} // namespace

void read_maps(Node const& section, Policy& policy, Context& context) {
    for (auto const* node : tables_of(section, "[[map]]", limits::maps, context))
        policy.maps.push_back(read_map(*node, context));
}

} // namespace alert40::policy::parse
