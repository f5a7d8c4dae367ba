#pragma once

#include "tls/ca/leaf_mint.hpp"

#include <cstddef>
#include <ctime>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace alert40::tls::ca {

/// Leaves by host. Bounded; the one used longest ago makes room. Thread-safe: the lock is held for the
/// look-up alone.
class LeafCache {
  public:
    static constexpr std::size_t max_leaves = 4096; ///< some 6 KiB each

    explicit LeafCache(std::size_t capacity = max_leaves)
        : capacity_(capacity) {}

    /// Null where there is none, or it has to be renewed.
    std::shared_ptr<engine::Identity const> find(std::string_view host, std::time_t now);
    /// Keeps the leaf, unless another thread was quicker; the one that is kept comes back.
    std::shared_ptr<engine::Identity const> put(std::string const& host, Leaf leaf, std::time_t now);
    std::size_t size() const;

  private:
    struct Entry {
        std::string host;
        Leaf leaf;
    };

    using Entries = std::list<Entry>;

    std::size_t capacity_;
    mutable std::mutex mutex_;
    Entries entries_;                                                 ///< most recently used first
    std::unordered_map<std::string_view, Entries::iterator> by_host_; ///< keys borrow from the entries
};

} // namespace alert40::tls::ca
