#include "tls/engine/chain_memory.hpp"

#include <algorithm>

namespace alert40::tls::engine {

std::shared_ptr<CertificateSummaries const> ChainMemory::summaries(ChainId const& chain) const {
    std::lock_guard const lock(mutex_);
    auto const found = chains_.find(chain);
    return found == chains_.end() ? nullptr : found->second.summaries;
}

void ChainMemory::remember(ChainId const& chain, std::shared_ptr<CertificateSummaries const> summaries) {
    std::lock_guard const lock(mutex_);
    entry(chain).summaries = std::move(summaries);
}

bool ChainMemory::is_verified(ChainId const& chain, std::string_view names, std::time_t now) const {
    std::lock_guard const lock(mutex_);
    auto const found = chains_.find(chain);
    if (found == chains_.end()) return false;
    return std::ranges::any_of(found->second.verified, [&](Verified const& known) {
        return known.names == names && known.from <= now && now < known.until;
    });
}

void ChainMemory::remember_verified(ChainId const& chain, std::string names, std::time_t now,
                                    std::time_t not_after) {
    std::lock_guard const lock(mutex_);
    auto& verified = entry(chain).verified;
    std::erase_if(verified,
                  [&](Verified const& known) { return known.names == names || known.until <= now; });
    if (verified.size() == max_names) verified.erase(verified.begin());
    verified.push_back({std::move(names), now, std::min(now + max_age, not_after)});
}

std::size_t ChainMemory::size() const {
    std::lock_guard const lock(mutex_);
    return chains_.size();
}

/// A full memory starts anew: learning a chain again costs one verification.
ChainMemory::Known& ChainMemory::entry(ChainId const& chain) {
    if (chains_.size() >= max_chains && !chains_.contains(chain)) chains_.clear();
    return chains_[chain];
}

} // namespace alert40::tls::engine
