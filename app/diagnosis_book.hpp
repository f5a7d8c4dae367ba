#pragma once

#include "proxy/upstream/diagnostician.hpp"

#include <chrono>
#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace alert40::app {

/// Which ailments are to be diagnosed, which were, and what that came to: each key once an hour. Bounded. For
/// one thread at a time.
class DiagnosisBook {
  public:
    using Time = std::chrono::steady_clock::time_point;
    using Diagnosis = std::shared_ptr<record::DiagnosisRecord const>; ///< shared with whoever answers with it

    static constexpr auto kept = std::chrono::hours(1);
    static constexpr std::size_t most_waiting =
        16; ///< a minute each at worst; who comes too late fails again
    static constexpr std::size_t most_kept = 1024;

    /// True: it waits for its diagnosis now. False: there was one within the hour, or there is no room.
    bool admit(proxy::Ailment ailment, Time now);
    /// Takes the one that has waited longest; nothing: none does.
    std::optional<proxy::Ailment> next();
    void settle(std::string const& key, Diagnosis diagnosis);
    /// Of this host, "*" for every one, what was found out: its next failure is diagnosed anew. Returns how
    /// many diagnoses that were.
    std::size_t forget(std::string_view host);
    /// Null: there is none, or it is older than an hour.
    Diagnosis find(std::string const& key, Time now) const;

    /// All that were found out and are not older than an hour, by their keys.
    std::vector<Diagnosis> all(Time now) const;

    bool waits() const { return !waiting_.empty(); }

  private:
    struct Entry {
        Time admitted;
        std::string host;
        Diagnosis diagnosis; ///< null: it is still to come
    };

    std::deque<proxy::Ailment> waiting_;
    std::map<std::string, Entry> entries_;
};

} // namespace alert40::app
