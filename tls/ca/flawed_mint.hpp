#pragma once

#include "tls/ca/issuer.hpp"
#include "tls/ca/leaf_mint.hpp"
#include "tls/flaw.hpp"

#include <ctime>

namespace alert40::tls::ca {

/// Makes leaves that are right for their host but for one flaw. Its keys are made with it, which takes some
/// time. Immutable; thread-safe.
class FlawedMint {
  public:
    /// Borrows `authority`. Throws std::bad_alloc when the library fails.
    explicit FlawedMint(Issuer const& authority);
    FlawedMint(FlawedMint const&) = delete;
    FlawedMint& operator=(FlawedMint const&) = delete;

    /// The authority is one that can sign for `host` now. For Flaw::wrong_host, `host` is the wrong one.
    Leaf mint(HostName const& host, Flaw flaw, std::time_t now) const;

  private:
    Issuer const& authority_;
    Issuer stranger_;     ///< signed by itself, and in nobody's store
    Issuer intermediate_; ///< below the authority; lets no CA be below it
    Issuer lower_;        ///< below that all the same
    engine::KeyPtr key_;
    engine::KeyPtr small_key_;
};

} // namespace alert40::tls::ca
