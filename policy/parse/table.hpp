#pragma once

#include "policy/parse/context.hpp"
#include "policy/parse/document.hpp"

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace alert40::policy::parse {

/// One row of the keys that a table may have: a newcomer is one row more.
template <class Into>
struct Key {
    std::string_view name;
    void (*read)(Into& into, Node const& value, Context& context);
};

/// Reads one member; messages name it meanwhile.
template <class Into>
void read_member(Key<Into> const& key, Into& into, Member const& member, Context& context) {
    auto outer = context.exchange_key(in_quotes(member.key));
    key.read(into, member.value, context);
    context.exchange_key(std::move(outer));
}

/// The members of `node`, or nothing with an error where it is no table. `where`: "[profile.x]", "[[rule]]".
Node::Table const* table_of(Node const& node, std::string_view where, Context& context);

/// Keys that are known in another place.
struct Elsewhere {
    std::span<std::string_view const> names{};
    std::string_view where{};
};

void unknown_key(Member const& member, std::string_view where, std::span<std::string_view const> names,
                 Elsewhere const& elsewhere, Context& context);

template <class Into>
void read_table(Node const& node, std::string_view where, std::span<Key<Into> const> keys, Into& into,
                Context& context, Elsewhere const& elsewhere = {}) {
    auto const* table = table_of(node, where, context);
    if (!table) return;
    for (Member const& member : *table) {
        auto const key =
            std::find_if(keys.begin(), keys.end(), [&](auto const& row) { return row.name == member.key; });
        if (key == keys.end()) {
            std::vector<std::string_view> names;
            for (auto const& row : keys)
                names.push_back(row.name);
            unknown_key(member, where, names, elsewhere, context);
            continue;
        }
        read_member(*key, into, member, context);
    }
}

/// Each table of an array of tables ([[rule]]), at most `most`. `where`: "[[rule]]".
std::vector<Node const*> tables_of(Node const& node, std::string_view where, std::size_t most,
                                   Context& context);

} // namespace alert40::policy::parse
