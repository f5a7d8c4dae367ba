#pragma once

#include "policy/parse/position.hpp"

#include <boost/system/result.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace alert40::policy::parse {

struct Member;

/// A date or a time without an offset: no moment in time.
struct LocalTime {};

/// A TOML value and where it stands. The only form in which the rest of the parser sees the file.
struct Node {
    using Time = std::chrono::system_clock::time_point;
    using List = std::vector<Node>;
    using Table = std::vector<Member>; ///< in the order of the file

    Position at;
    std::variant<std::string, std::int64_t, double, bool, Time, LocalTime, List, Table> value;

    std::string const* text() const { return std::get_if<std::string>(&value); }

    List const* list() const { return std::get_if<List>(&value); }

    Table const* table() const { return std::get_if<Table>(&value); }

    /// "a string", "a table", ... for messages.
    std::string_view kind() const;
};

struct Member {
    std::string key;
    Position at; ///< of the key
    Node value;
};

/// The member of a table with this key; null if there is none.
Node const* find(Node::Table const& table, std::string_view key);

struct SyntaxError {
    Position at;
    std::string message;
};

/// Reads TOML 1.0. The result is a table.
boost::system::result<Node, SyntaxError> parse_document(std::string_view text);

} // namespace alert40::policy::parse
