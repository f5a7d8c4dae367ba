#pragma once

#include "policy/ladder_memory.hpp"
#include "record/handshake_record.hpp"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace alert40::proxy {

/// The failed attempts of one run, shared by everybody who waited for it; immutable.
using Attempts = std::shared_ptr<std::vector<record::HandshakeRecord> const>;

/// What all threads know about ladders: which step worked where, and who is finding out. Thread-safe; asked
/// once a dial, never once a request.
class LadderRegistry {
  public:
    using Clock = policy::LadderMemory::Clock;

    /// How a run ended: with the attempts that failed, or without (it succeeded, or was given up: ask again).
    struct Outcome {
        Attempts failed;
        bool loop = false; ///< the origin's address is one of our own listeners
    };

    using Follower = std::function<void(Outcome)>;

    std::optional<policy::LadderMemory::Entry> known(std::string_view key) const;
    /// True: nobody else is running this ladder, and the caller is now, until it calls `settle`. False:
    /// `follower` is called once, on the leader's thread, when that run has ended. `owner` is for `leave`.
    bool lead(std::string const& key, void const* owner, Follower follower);
    /// The leader's run has ended.
    void settle(std::string const& key, Outcome outcome);
    /// `owner` follows nothing any more.
    void leave(void const* owner);
    /// The workers are about to be destroyed: nobody is called any more.
    void close();

    void remember(std::string key, policy::LadderMemory::Entry entry);
    /// Forgets the entry if it still stands at `step`: what another thread has learned since is kept. Returns
    /// it.
    std::optional<policy::LadderMemory::Entry> forget_step(std::string_view key, std::size_t step);
    /// "*" for every host. Returns what was learned and is gone.
    std::vector<policy::LadderMemory::Entry> forget_host(std::string_view host);
    /// What was learned: steps below the top.
    std::vector<policy::LadderMemory::Entry> list() const;
    /// Drops what has expired and returns it.
    std::vector<policy::LadderMemory::Entry> expire();

  private:
    using Followers = std::vector<std::pair<void const*, Follower>>; ///< each with its owner

    mutable std::mutex mutex_;
    policy::LadderMemory memory_;
    std::map<std::string, Followers, std::less<>> runs_; ///< those that somebody leads
};

} // namespace alert40::proxy
