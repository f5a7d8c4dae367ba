#include "tls/ca/leaf_cache.hpp"

namespace alert40::tls::ca {

using IdentityPtr = std::shared_ptr<engine::Identity const>;

IdentityPtr LeafCache::find(std::string_view host, std::time_t now) {
    std::lock_guard const lock(mutex_);
    auto const found = by_host_.find(host);
    if (found == by_host_.end() || now >= found->second->leaf.renew_at) return nullptr;
    entries_.splice(entries_.begin(), entries_, found->second);
    return found->second->leaf.identity;
}

IdentityPtr LeafCache::put(std::string const& host, Leaf leaf, std::time_t now) {
    std::lock_guard const lock(mutex_);
    if (auto const found = by_host_.find(host); found != by_host_.end()) {
        entries_.splice(entries_.begin(), entries_, found->second);
        auto& kept = found->second->leaf;
        if (now >= kept.renew_at) kept = std::move(leaf);
        return kept.identity;
    }
    entries_.push_front({host, std::move(leaf)});
    by_host_.emplace(entries_.front().host, entries_.begin());
    auto const identity = entries_.front().leaf.identity;
    if (entries_.size() > capacity_) {
        by_host_.erase(entries_.back().host);
        entries_.pop_back();
    }
    return identity;
}

std::size_t LeafCache::size() const {
    std::lock_guard const lock(mutex_);
    return entries_.size();
}

} // namespace alert40::tls::ca
