#pragma once

#include "policy/ladder.hpp"
#include "policy/rule.hpp"
#include "tls/profile.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace alert40::policy {

/// scheme, host and port that a request is for. `host` is a lower-case A-label or an IP literal without brackets.
struct Origin {
    std::string scheme; ///< "http" or "https"
    std::string host;
    std::uint16_t port = 0;

    bool operator==(Origin const&) const = default;
    /// "https://host", with ":port" where it is not the scheme's own; IPv6 in brackets.
    std::string text() const;
};

struct Endpoint {
    std::string address; ///< IP literal without brackets
    std::uint16_t port = 0;

    bool operator==(Endpoint const&) const = default;
    std::string text() const; ///< "127.0.0.1:4040", "[::1]:4040"
};

/// One [[map]]: a listener that stands for one origin.
struct Map {
    Endpoint listen;
    Origin to;

    bool operator==(Map const&) const = default;
};

struct Listen {
    std::vector<Endpoint> proxy = {{"127.0.0.1", 4040}};
    unsigned threads = 0; ///< 0: the cores, at most 4

    bool operator==(Listen const&) const = default;
};

/// A whole policy, checked and complete: every name in it resolves. Immutable once parsed.
struct Policy {
    Listen listen;
    std::vector<Map> maps;
    std::vector<tls::Profile> profiles; ///< the built-in ones first, then the file's
    std::vector<Ladder> ladders;        ///< `standard` first
    std::vector<Rule> rules;

    bool operator==(Policy const&) const = default;
    tls::Profile const* profile(std::string_view name) const;
    Ladder const* ladder(std::string_view name) const;
};

/// What `alert40 run` does without a file.
Policy built_in_policy();

/// Parses "https://host[:port]" as an origin; nothing if it is anything else (a path, credentials, a bad port).
std::optional<Origin> parse_origin(std::string_view url);

} // namespace alert40::policy
