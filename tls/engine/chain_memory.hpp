#pragma once

#include "tls/engine/digest.hpp"
#include "tls/handshake.hpp"

#include <cstddef>
#include <ctime>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace alert40::tls::engine {

using CertificateSummaries = std::vector<CertificateSummary>;

/// The SHA-256 of a Certificate message: the chain as it was sent, byte for byte.
using ChainId = Sha256;

/// What one context has learned of the chains that it saw, so that the same chain need not be described and
/// verified again in every handshake. One context means one store and one set of parameters: they are not
/// part of the key. Bounded. Thread-safe.
class ChainMemory {
  public:
    static constexpr std::size_t max_chains = 256;
    static constexpr std::size_t max_names = 8; ///< a chain
    static constexpr std::size_t max_chain =
        16 * 1024;                              ///< bytes of the message; a larger one is not remembered
    static constexpr std::time_t max_age = 300; ///< seconds that a verification is trusted

    /// Shared by every handshake that copies from it.
    std::shared_ptr<CertificateSummaries const> summaries(ChainId const& chain) const;
    void remember(ChainId const& chain, std::shared_ptr<CertificateSummaries const> summaries);

    /// True while an identical chain was verified for `names` at most `max_age` ago and no certificate in it
    /// has expired.
    bool is_verified(ChainId const& chain, std::string_view names, std::time_t now) const;
    /// `not_after` is the first end of validity in the verified chain.
    void remember_verified(ChainId const& chain, std::string names, std::time_t now, std::time_t not_after);

    std::size_t size() const;

  private:
    struct Verified {
        std::string names;
        std::time_t from;
        std::time_t until;
    };

    struct Known {
        std::shared_ptr<CertificateSummaries const> summaries;
        std::vector<Verified> verified;
    };

    Known& entry(ChainId const& chain);

    mutable std::mutex mutex_;
    std::map<ChainId, Known> chains_;
};

} // namespace alert40::tls::engine
