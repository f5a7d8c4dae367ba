#pragma once

#include "tls/ca/host_name.hpp"
#include "tls/ca/issuer.hpp"
#include "tls/engine/chain_memory.hpp"
#include "tls/engine/identity.hpp"
#include "tls/engine/openssl_handles.hpp"

#include <boost/system/result.hpp>

#include <openssl/x509v3.h>

#include <ctime>
#include <memory>
#include <string>

namespace alert40::tls::ca {

struct Leaf {
    std::shared_ptr<engine::Identity const> identity; ///< shared with the connections that show it
    std::time_t renew_at = 0;
};

/// Makes leaves. What they have in common is encoded once, their key included; a leaf costs one signature and
/// one decoding. Immutable; thread-safe.
class LeafMint {
  public:
    static constexpr std::time_t day = 24 * 3600;
    static constexpr std::time_t backdated = day; ///< for clocks that are behind
    static constexpr std::time_t lifetime = 7 * day;
    static constexpr std::time_t renewed_before_end = day;

    /// Borrows `authority`; the leaves get `key`. Throws std::bad_alloc when that is null, or the library
    /// fails.
    LeafMint(Issuer const& authority, engine::KeyPtr key);

    /// The error says why there can be no such leaf.
    boost::system::result<Leaf, std::string> mint(HostName const& host, std::time_t now) const;

  private:
    Issuer const& authority_;
    engine::KeyPtr key_;                                                                  ///< of the leaves
    std::unique_ptr<NAME_CONSTRAINTS, engine::Freed<NAME_CONSTRAINTS_free>> constraints_; ///< null: none
    engine::CertificateSummaries authority_summary_;
    std::string public_key_; ///< of the leaves
    std::string extensions_; ///< all but subjectAltName
    std::time_t not_before_ = 0;
    std::time_t not_after_ = 0;
};

} // namespace alert40::tls::ca
