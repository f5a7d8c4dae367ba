#include "tls/engine/session_cache.hpp"

#include <algorithm>

namespace alert40::tls::engine {
namespace {

bool is_fresh(SSL_SESSION const* session, std::time_t now) {
    auto const age = now - static_cast<std::time_t>(SSL_SESSION_get_time(session));
    auto const lifetime = std::min<std::time_t>(SSL_SESSION_get_timeout(session), SessionCache::max_age);
    return age >= 0 && age < lifetime && SSL_SESSION_is_resumable(session);
}

bool is_for_one_use(SSL_SESSION const* session) {
    return SSL_SESSION_get_protocol_version(session) >= TLS1_3_VERSION;
}

} // namespace

void SessionCache::put(std::string const& key, SessionPtr session) {
    std::lock_guard const lock(mutex_);
    if (auto const found = by_key_.find(key); found != by_key_.end()) {
        entries_.splice(entries_.begin(), entries_, found->second);
    } else {
        entries_.push_front({key, {}});
        by_key_.emplace(entries_.front().key, entries_.begin());
    }
    auto& sessions = entries_.front().sessions;
    if (!is_for_one_use(session.get())) sessions.clear();
    sessions.push_back(std::move(session));
    if (sessions.size() > max_sessions) sessions.pop_front();
    if (entries_.size() > max_keys) {
        by_key_.erase(entries_.back().key);
        entries_.pop_back();
    }
}

SessionPtr SessionCache::take(std::string const& key, std::time_t now) {
    std::lock_guard const lock(mutex_);
    auto const found = by_key_.find(key);
    if (found == by_key_.end()) return nullptr;
    entries_.splice(entries_.begin(), entries_, found->second);
    auto& sessions = entries_.front().sessions;
    while (!sessions.empty()) {
        if (is_fresh(sessions.back().get(), now) && !is_for_one_use(sessions.back().get())) {
            SSL_SESSION_up_ref(sessions.back().get());
            return SessionPtr(sessions.back().get());
        }
        auto newest = std::move(sessions.back());
        sessions.pop_back();
        if (is_fresh(newest.get(), now)) return newest;
    }
    return nullptr;
}

void SessionCache::forget(std::string const& key) {
    std::lock_guard const lock(mutex_);
    auto const found = by_key_.find(key);
    if (found == by_key_.end()) return;
    auto const entry = found->second;
    by_key_.erase(found);
    entries_.erase(entry);
}

std::size_t SessionCache::keys() const {
    std::lock_guard const lock(mutex_);
    return entries_.size();
}

} // namespace alert40::tls::engine
