#pragma once

#include "tls/engine/openssl_handles.hpp"

#include <cstddef>
#include <ctime>
#include <deque>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace alert40::tls::engine {

/// Sessions that can be resumed, by origin and path. Bounded; the least recently used key goes first.
/// Thread-safe: one cache for all threads, touched once a handshake.
class SessionCache {
  public:
    static constexpr std::size_t max_keys = 512;   ///< a session holds its chain: some 10 KiB
    static constexpr std::size_t max_sessions = 4; ///< a key; TLS 1.3 servers send one to four tickets
    static constexpr std::time_t max_age =
        2 * 3600; ///< seconds; the certificate is not checked again on resumption

    void put(std::string const& key, SessionPtr session);
    /// The newest session of the key, or null. One of TLS 1.3 leaves the cache: tickets are for one use (RFC
    /// 8446 appendix C.4). Expired ones are dropped on the way.
    SessionPtr take(std::string const& key, std::time_t now);
    /// After a failed handshake that had offered one.
    void forget(std::string const& key);
    std::size_t keys() const;

  private:
    struct Entry {
        std::string key;
        std::deque<SessionPtr> sessions; ///< newest last
    };

    using Entries = std::list<Entry>;

    mutable std::mutex mutex_;
    Entries entries_;                                                ///< most recently used first
    std::unordered_map<std::string_view, Entries::iterator> by_key_; ///< keys borrow from the entries
};

} // namespace alert40::tls::engine
