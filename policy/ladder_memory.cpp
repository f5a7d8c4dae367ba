#include "policy/ladder_memory.hpp"

#include <algorithm>

namespace alert40::policy {

void LadderMemory::remember(std::string key, Entry entry) {
    if (most_ == 0) return;
    if (entries_.size() >= most_ && !entries_.contains(key))
        entries_.erase(std::min_element(entries_.begin(), entries_.end(), [](auto const& a, auto const& b) {
            return a.second.expires < b.second.expires;
        }));
    entries_.insert_or_assign(std::move(key), std::move(entry));
}

std::optional<LadderMemory::Entry> LadderMemory::find(std::string_view key, Clock::time_point now) const {
    auto const found = entries_.find(key);
    if (found == entries_.end() || found->second.expires <= now) return std::nullopt;
    return found->second;
}

void LadderMemory::forget_key(std::string_view key) {
    if (auto const found = entries_.find(key); found != entries_.end()) entries_.erase(found);
}

std::size_t LadderMemory::forget(std::string_view host) {
    return std::erase_if(entries_, [&](auto const& one) { return host == "*" || one.second.host == host; });
}

std::vector<LadderMemory::Entry> LadderMemory::expire(Clock::time_point now) {
    std::vector<Entry> gone;
    std::erase_if(entries_, [&](auto& one) {
        if (one.second.expires > now) return false;
        gone.push_back(std::move(one.second));
        return true;
    });
    return gone;
}

std::vector<LadderMemory::Entry> LadderMemory::list(Clock::time_point now) const {
    std::vector<Entry> live;
    for (auto const& [key, entry] : entries_)
        if (entry.expires > now) live.push_back(entry);
    return live;
}

} // namespace alert40::policy
