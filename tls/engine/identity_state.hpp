#pragma once

#include "tls/engine/chain_memory.hpp"
#include "tls/engine/digest.hpp"
#include "tls/engine/identity.hpp"
#include "tls/engine/openssl_handles.hpp"

namespace alert40::tls::engine {

/// Decoded once, in the library of ServerContext; the connections share it.
struct Identity::State {
    CertificatePtr leaf;
    ChainPtr issuers; ///< what is sent behind the leaf
    KeyPtr key;       ///< of the leaf
    CertificateSummaries summaries;
    Sha256 id{}; ///< of the leaf: a session of one identity is not resumed under another
};

// Out of PEM, into the library that the connections use; null, with OpenSSL's reason, where the text is
// damaged, or encrypted: there is nobody to ask for a passphrase.
KeyPtr key_from_pem(std::string_view text);
CertificatePtr certificate_from_pem(std::string_view text);

/// The leaf and the key belong together; null handles only when memory is out (std::bad_alloc).
/// `issuer_summaries` describe `issuers`, which many identities share.
std::shared_ptr<Identity const> make_identity(CertificatePtr leaf, ChainPtr issuers, KeyPtr key,
                                              CertificateSummaries const& issuer_summaries);

} // namespace alert40::tls::engine
