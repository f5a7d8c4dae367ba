#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace alert40::tls {

/// What is wrong with a certificate that an app must refuse.
enum class Flaw : std::uint8_t {
    expired,              ///< ended yesterday
    not_yet_valid,        ///< begins tomorrow
    wrong_host,           ///< names another host
    self_signed,          ///< signed by its own key
    unknown_issuer,       ///< signed by an authority that nobody trusts
    missing_intermediate, ///< signed by an intermediate that is not sent
    sha1_signature,       ///< security level 1 and above refuse it
    rsa_1024,             ///< security level 2 and above refuse the key
    long_chain,           ///< one intermediate more than pathLenConstraint lets there be
};

/// As in policy files: "expired".
std::string_view name_of(Flaw flaw);
std::span<std::string_view const> flaw_names();
std::optional<Flaw> flaw_named(std::string_view name);

} // namespace alert40::tls
