#pragma once

#include "policy/ladder.hpp"
#include "policy/map.hpp"
#include "policy/origin.hpp"
#include "policy/rule.hpp"
#include "tls/profile.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace alert40::policy {

struct Listen {
    std::vector<Endpoint> proxy = {{"127.0.0.1", 4040}};
    std::optional<Endpoint> ui; ///< the control page; nothing: none
    /// "user:password": who may use the `proxy` listeners (Basic, SOCKS5 RFC 1929); empty: everybody who
    /// reaches them.
    std::vector<std::string> credentials;
    unsigned threads = 0; ///< 0: the cores, at most 4

    bool operator==(Listen const&) const = default;
};

/// Files of the local authority that signs leaves for intercepted hosts (PEM); one that is named exists.
struct Authority {
    std::string cert;
    std::string key;

    bool operator==(Authority const&) const = default;
};

/// A whole policy, checked and complete: every name in it resolves. Immutable once parsed.
struct Policy {
    Listen listen;
    std::optional<Authority> authority; ///< nothing: the one in the user's data folder
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

} // namespace alert40::policy
