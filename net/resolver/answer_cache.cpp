#include "net/resolver/answer_cache.hpp"

#include <algorithm>
#include <utility>

namespace alert40::net {

std::vector<ResolvedAddress> const* AnswerCache::find(std::string_view host, Clock::time_point now) const {
    auto const entry = entries_.find(host);
    return entry != entries_.end() && now < entry->second.until ? &entry->second.addresses : nullptr;
}

void AnswerCache::keep(std::string const& host, std::vector<ResolvedAddress> addresses,
                       std::chrono::seconds ttl, Clock::time_point now) {
    if (ttl <= std::chrono::seconds{0}) return;
    if (entries_.size() >= most_names && !entries_.contains(host))
        entries_.erase(std::min_element(entries_.begin(), entries_.end(), [](auto const& a, auto const& b) {
            return a.second.until < b.second.until;
        }));
    entries_.insert_or_assign(host, Entry{std::move(addresses), now + std::min(ttl, longest)});
}

} // namespace alert40::net
