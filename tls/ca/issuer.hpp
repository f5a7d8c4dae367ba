#pragma once

#include "tls/engine/openssl_handles.hpp"

#include <initializer_list>
#include <string>

namespace alert40::tls::ca {

/// A certificate that signs others, its key, and what it leaves in them. Immutable; thread-safe.
struct Issuer {
    /// Throws std::bad_alloc when the library fails.
    Issuer(engine::CertificatePtr certificate, engine::KeyPtr key);

    engine::CertificatePtr certificate;
    engine::KeyPtr key;
    std::string name;       ///< Name, DER
    std::string identifier; ///< authorityKeyIdentifier, DER; empty where another maker left out its own
};

/// A new authority without CAs below it, on P-256, valid as long as `model`. Signed by `signer`, or by itself
/// where that is null. Throws std::bad_alloc when the library fails.
Issuer make_issuer(std::string const& common_name, Issuer const* signer, Issuer const& model);

/// As they are sent, the lowest first.
engine::ChainPtr chain_of(std::initializer_list<Issuer const*> issuers);

} // namespace alert40::tls::ca
