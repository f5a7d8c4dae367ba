#pragma once

#include "app/pointing/proxy_address.hpp"

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace alert40::app::pointing {

/// What is to be pointed here. `shell` is whatever a shell starts: everything but Java, whose every start
/// would say that it picked options up.
enum class Client { shell, node, python, grpc, java, git, cursor, vscode, all };

inline constexpr std::array<std::string_view, 9> clients = {"shell", "node",   "python", "grpc", "java",
                                                            "git",   "cursor", "vscode", "all"};
std::optional<Client> client_named(std::string_view name);

/// The files that let an app trust the local authority.
struct Certificates {
    std::string authority;  ///< its certificate alone, for what adds it to a store of its own
    std::string bundle;     ///< with the system's, for what reads this instead of the system's
    std::string java_store; ///< likewise, for Java; empty: there is no keytool
    /// By variable, where it named a file of the user's own: with the authorities of that one. Empty: it is
    /// left as it is.
    std::map<std::string, std::string, std::less<>> own = {};
};

/// What is so now, and what is to be pointed to.
struct Situation {
    ProxyAddress proxy;
    std::optional<Certificates> certificates; ///< nothing: there is no authority, and none is needed
    std::string no_proxy;                     ///< the value of NO_PROXY; it is kept
    std::string java_tool_options;            ///< likewise
};

struct Variable {
    std::string name, value;

    bool operator==(Variable const&) const = default;
};

/// A variable that names a file with authorities.
struct TrustVariable {
    std::string_view name;
    std::string_view instead; ///< read by the same apps where this one is not set; empty: there is none
};

std::vector<TrustVariable> trust_variables();

/// In the order of the table; empty for Cursor and VS Code, which read settings.
std::vector<Variable> variables_for(Client client, Situation const& situation);
/// Those that `variables_for` could set.
std::vector<std::string> names_for(Client client);

} // namespace alert40::app::pointing
