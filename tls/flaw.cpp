#include "tls/flaw.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace alert40::tls {
namespace {

/// In the order of the enum.
constexpr std::array<std::string_view, 9> names = {
    "expired",        "not_yet_valid", "wrong_host", "self_signed", "unknown_issuer", "missing_intermediate",
    "sha1_signature", "rsa_1024",      "long_chain",
};
static_assert(names.size() == static_cast<std::size_t>(Flaw::long_chain) + 1);

} // namespace

std::string_view name_of(Flaw flaw) {
    return names[static_cast<std::size_t>(flaw)];
}

std::span<std::string_view const> flaw_names() {
    return names;
}

std::optional<Flaw> flaw_named(std::string_view name) {
    auto const* const found = std::ranges::find(names, name);
    if (found == names.end()) return std::nullopt;
    return static_cast<Flaw>(found - names.begin());
}

} // namespace alert40::tls
