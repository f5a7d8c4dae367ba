#include "proxy/upstream/ladder_registry.hpp"

#include <utility>

namespace alert40::proxy {
namespace {

/// Without the origins whose first step works: nothing was learned about them but that all is well.
std::vector<policy::LadderMemory::Entry> learned(std::vector<policy::LadderMemory::Entry> entries) {
    std::erase_if(entries, [](auto const& entry) { return entry.step == 0; });
    return entries;
}

} // namespace

std::optional<policy::LadderMemory::Entry> LadderRegistry::known(std::string_view key) const {
    std::lock_guard const lock(mutex_);
    return memory_.find(key, Clock::now());
}

bool LadderRegistry::lead(std::string const& key, void const* owner, Follower follower) {
    std::lock_guard const lock(mutex_);
    auto const [run, is_new] = runs_.try_emplace(key);
    if (!is_new) run->second.emplace_back(owner, std::move(follower));
    return is_new;
}

void LadderRegistry::settle(std::string const& key, Outcome outcome) {
    Followers followers;
    {
        std::lock_guard const lock(mutex_);
        auto const run = runs_.find(key);
        if (run == runs_.end()) return;
        followers = std::move(run->second);
        runs_.erase(run);
    }
    for (auto const& [owner, follower] : followers)
        follower(outcome);
}

void LadderRegistry::leave(void const* owner) {
    std::lock_guard const lock(mutex_);
    for (auto& [key, followers] : runs_)
        std::erase_if(followers, [owner](auto const& follower) { return follower.first == owner; });
}

void LadderRegistry::close() {
    std::lock_guard const lock(mutex_);
    for (auto& [key, followers] : runs_)
        followers.clear();
}

void LadderRegistry::remember(std::string key, policy::LadderMemory::Entry entry) {
    std::lock_guard const lock(mutex_);
    memory_.remember(std::move(key), std::move(entry));
}

std::optional<policy::LadderMemory::Entry> LadderRegistry::forget_step(std::string_view key,
                                                                       std::size_t step) {
    std::lock_guard const lock(mutex_);
    auto entry = memory_.find(key, Clock::now());
    if (!entry || entry->step != step) return std::nullopt;
    memory_.forget_key(key);
    return entry;
}

std::vector<policy::LadderMemory::Entry> LadderRegistry::forget_host(std::string_view host) {
    std::lock_guard const lock(mutex_);
    auto gone = learned(memory_.list(Clock::now()));
    std::erase_if(gone, [host](auto const& entry) { return host != "*" && entry.host != host; });
    memory_.forget(host);
    return gone;
}

std::vector<policy::LadderMemory::Entry> LadderRegistry::list() const {
    std::lock_guard const lock(mutex_);
    return learned(memory_.list(Clock::now()));
}

std::vector<policy::LadderMemory::Entry> LadderRegistry::expire() {
    std::lock_guard const lock(mutex_);
    return learned(memory_.expire(Clock::now()));
}

} // namespace alert40::proxy
