#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace alert40::policy {

/// What was learned: the step that worked for an origin and path. Pure: the time is passed in. Not
/// thread-safe; its owner guards it. Bounded: the entry that expires first makes room.
class LadderMemory {
  public:
    using Clock = std::chrono::system_clock;

    struct Entry {
        std::string host; ///< for `forget`
        std::string ladder;
        std::size_t step = 0;
        bool scsv_refused = false; ///< 86 answered the SCSV of this step, and it worked without
        std::string profile;
        std::string reason; ///< the failure that led here, one line; empty for step 0
        Clock::time_point learned;
        Clock::time_point expires;

        bool operator==(Entry const&) const = default;
    };

    explicit LadderMemory(std::size_t most = 4096)
        : most_(most) {}

    void remember(std::string key, Entry entry);
    /// Nothing when it is unknown or has expired by `now`.
    std::optional<Entry> find(std::string_view key, Clock::time_point now) const;
    void forget_key(std::string_view key);
    /// Forgets every entry for `host`, or all for "*". Returns how many.
    std::size_t forget(std::string_view host);
    /// Drops what has expired and returns it, for the log.
    std::vector<Entry> expire(Clock::time_point now);
    std::vector<Entry> list(Clock::time_point now) const;

  private:
    std::size_t most_;
    std::map<std::string, Entry, std::less<>> entries_;
};

} // namespace alert40::policy
