#include "app/trust/store.hpp"

#include "app/shell/command.hpp"
#include "app/trust/system_store.hpp"

#include <algorithm>
#include <cctype>

namespace alert40::app::trust {

namespace {

// In the order of Store::Kind.
constexpr std::string_view kinds[] = {"debian", "p11-kit", "nss"};

} // namespace

std::string short_fingerprint(std::string_view sha256) {
    std::string out;
    for (char const c : sha256)
        if (std::isxdigit(static_cast<unsigned char>(c)) && out.size() < 16)
            out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return out;
}

std::string nickname(std::string_view sha256) {
    return "alert40 " + short_fingerprint(sha256);
}

std::string Store::text() const {
    return folder.empty() ? owner : owner + " (" + folder + ')';
}

std::string_view name_of(Store::Kind kind) {
    return kinds[static_cast<std::size_t>(kind)];
}

std::optional<Store::Kind> kind_named(std::string_view name) {
    auto const* const found = std::ranges::find(kinds, name);
    if (found == std::end(kinds)) return std::nullopt;
    return static_cast<Store::Kind>(found - std::begin(kinds));
}

bool trusts(Store const& store, Anchor const& anchor) {
    if (store.is_system()) return bundle_holds(system_bundle(), anchor.pem);
    return shell::run({{"certutil", "-L", "-d", "sql:" + store.folder, "-n", nickname(anchor.sha256)}})
        .fine();
}

} // namespace alert40::app::trust
