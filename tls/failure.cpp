#include "tls/failure.hpp"

#include <algorithm>
#include <array>

namespace alert40::tls {
namespace {

// The spellings of the handshake record, each in the order of its enum.
constexpr std::array<std::string_view, 4> sides{"downstream", "upstream", "local", "injected"};
constexpr std::array<std::string_view, 9> phases{
    "resolve",      "connect",     "proxy_connect",      "client_hello",
    "server_hello", "certificate", "client_certificate", "finished",
    "after",
};
constexpr std::array<std::string_view, 14> kinds{
    "alert",     "reset",  "eof",     "timeout", "refused", "unreachable", "not_tls",
    "malformed", "verify", "library", "alpn",    "h2",      "dns",         "http",
};
static_assert(sides.size() == static_cast<std::size_t>(By::injected) + 1);
static_assert(phases.size() == static_cast<std::size_t>(Phase::after) + 1);
static_assert(kinds.size() == static_cast<std::size_t>(FailureKind::http) + 1);

} // namespace

std::string_view name_of(By by) {
    return sides.at(static_cast<std::size_t>(by));
}

std::string_view name_of(Phase phase) {
    return phases.at(static_cast<std::size_t>(phase));
}

std::string_view name_of(FailureKind kind) {
    return kinds.at(static_cast<std::size_t>(kind));
}

std::optional<FailureKind> failure_kind_named(std::string_view name) {
    auto const found = std::ranges::find(kinds, name);
    if (found == kinds.end()) return std::nullopt;
    return static_cast<FailureKind>(found - kinds.begin());
}

} // namespace alert40::tls
