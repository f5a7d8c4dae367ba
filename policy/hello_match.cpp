#include "policy/hello_match.hpp"

#include "policy/host_name.hpp"

#include <algorithm>

namespace alert40::policy {
namespace {

bool has_all(std::vector<std::string> const& offered, std::vector<std::string> const& wanted) {
    return std::ranges::all_of(
        wanted, [&](auto const& one) { return std::ranges::find(offered, one) != offered.end(); });
}

bool names_one_of(std::string const& server_name, std::vector<std::string> const& patterns) {
    if (patterns.empty()) return true;
    auto const name = to_a_label(server_name);
    return name &&
           std::ranges::any_of(patterns, [&](auto const& pattern) { return host_matches(pattern, *name); });
}

bool is_like(std::string const& fingerprint, std::string const& pattern) {
    return pattern.ends_with('*')
               ? fingerprint.starts_with(std::string_view(pattern).substr(0, pattern.size() - 1))
               : fingerprint == pattern;
}

bool is_one_of(std::string const& fingerprint, std::vector<std::string> const& patterns) {
    return patterns.empty() ||
           std::ranges::any_of(patterns, [&](auto const& pattern) { return is_like(fingerprint, pattern); });
}

/// The highest of the versions by name ("1.3" after "1.2"); "GREASE" and unknown codes are none.
std::string highest(std::vector<std::string> const& versions) {
    std::string best;
    for (auto const& version : versions)
        if (version.starts_with("1.") && version > best) best = version;
    return best;
}

} // namespace

bool HelloMatch::matches(tls::Offered const& hello) const {
    return has_all(hello.alpn, alpn) && has_all(hello.cipher_suites, cipher) &&
           has_all(hello.groups, group) && names_one_of(hello.server_name, server_name) &&
           is_one_of(hello.ja3, ja3) && is_one_of(hello.ja4, ja4) &&
           (!no_server_name || *no_server_name == hello.server_name.empty()) &&
           (!version_max || highest(hello.versions) == tls::name_of(*version_max)) &&
           (!bytes_over || hello.bytes > *bytes_over);
}

} // namespace alert40::policy
