#include "policy/parse/table.hpp"

#include "policy/parse/nearest.hpp"

namespace alert40::policy::parse {

Node::Table const* table_of(Node const& node, std::string_view where, Context& context) {
    if (auto const* table = node.table()) return table;
    context.error(node.at, std::string(where) + " must be a table, not " + std::string(node.kind()));
    return nullptr;
}

void unknown_key(Member const& member, std::string_view where, std::span<std::string_view const> names,
                 Elsewhere const& elsewhere, Context& context) {
    if (std::ranges::find(elsewhere.names, member.key) != elsewhere.names.end())
        return context.error(member.at,
                             in_quotes(member.key) + " belongs to " + std::string(elsewhere.where));
    context.error(member.at, "unknown key " + in_quotes(member.key) + " in " + std::string(where) +
                                 did_you_mean(member.key, names));
}

std::vector<Node const*> tables_of(Node const& node, std::string_view where, std::size_t most,
                                   Context& context) {
    std::vector<Node const*> tables;
    auto const* list = node.list();
    if (!list) {
        context.error(node.at, "write " + std::string(where) + ", once for each, with two brackets");
        return tables;
    }
    for (auto const& one : *list) {
        if (tables.size() == most) {
            context.error(one.at, "more than " + std::to_string(most) + " " + std::string(where));
            break;
        }
        if (table_of(one, where, context)) tables.push_back(&one);
    }
    return tables;
}

} // namespace alert40::policy::parse
