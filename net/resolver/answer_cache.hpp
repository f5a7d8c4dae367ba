#pragma once

#include "net/resolver/resolver.hpp"

#include <chrono>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace alert40::net {

/// Answers of one name server for as long as their TTL says. Bounded: the one that ends first makes room.
class AnswerCache {
  public:
    using Clock = std::chrono::steady_clock;
    static constexpr std::size_t most_names = 256;
    static constexpr std::chrono::seconds longest{3600}; ///< however large the TTL

    /// Null: not known, or no longer. Valid until the next call.
    std::vector<ResolvedAddress> const* find(std::string_view host, Clock::time_point now) const;
    /// A TTL of zero is not kept (RFC 1035 section 3.2.1).
    void keep(std::string const& host, std::vector<ResolvedAddress> addresses, std::chrono::seconds ttl,
              Clock::time_point now);

  private:
    struct Entry {
        std::vector<ResolvedAddress> addresses;
        Clock::time_point until;
    };

    std::map<std::string, Entry, std::less<>> entries_;
};

} // namespace alert40::net
