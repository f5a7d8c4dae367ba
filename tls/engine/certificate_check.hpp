#pragma once

#include "tls/engine/chain_memory.hpp"
#include "tls/engine/openssl_handles.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace alert40::tls::engine {

/// True for "192.0.2.1" and "2001:db8::1" (no brackets).
bool is_address_literal(std::string const& name);

/// Checks a chain as X509_verify_cert does, and the leaf for any of `names`: DNS names by RFC 9525
/// (subjectAltName only, wildcards for one whole label), or addresses. What is wrong is set in `chain` as a
/// verify error.
///
/// `id`, when there is one, lets `memory` answer for a chain that passed before.
bool check_certificates(X509_STORE_CTX* chain, std::vector<std::string> const& names, ChainMemory& memory,
                        std::optional<ChainId> const& id);

/// Why a chain was refused, for a person: "certificate has expired: CN=old.example, on 2020-01-01T00:00:00Z".
std::string refusal_text(X509_STORE_CTX* chain, std::vector<std::string> const& names);

} // namespace alert40::tls::engine
