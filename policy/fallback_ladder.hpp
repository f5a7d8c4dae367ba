#pragma once

#include "policy/ladder.hpp"
#include "tls/failure.hpp"
#include "tls/profile.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace alert40::policy {

/// What to dial next.
struct Attempt {
    std::size_t step = 0;   ///< index into the ladder's steps
    unsigned number = 1;    ///< counts every dial of this run, from 1
    bool retry = false;     ///< the first profile once more
    bool resumption = true; ///< may offer a session
    bool fallback_scsv = false;

    bool operator==(Attempt const&) const = default;
};

/// The end of a run without a connection: report the first failure, with the list.
struct GaveUp {
    bool operator==(GaveUp const&) const = default;
};

using Next = std::variant<Attempt, GaveUp>;

/// Which profile to try, and which after that: a pure state machine, one object a run.
///
///     first() -> Attempt -> dial -> failed(Failure) -> Attempt ... GaveUp
///                               \-> succeeded() -> what to remember
///
/// For the standard ladder and a server that refuses h2:
///
///     modern            -> 40 received: in `on`, so the first step once more
///     modern (retry)    -> 40 received
///     http1             -> established; succeeded() is step 1
///     (next run) http1  -> reset: what was remembered no longer works, from the top
///     modern            -> established; succeeded() is step 0
///
/// `retry` is for the first step only and any failure in `on`, without resumption; after the first step every
/// failure moves on; a remembered step that fails starts the ladder once from its top; alert 71 and
/// certificate failures never start it; alert 86 as `scsv` says. No step is skipped: steps are whole
/// profiles.
class FallbackLadder {
  public:
    /// `ladder` and `profiles` (one per step) are borrowed for the life of the object. `remembered`: the step
    /// that worked last time, and whether it did so only without the SCSV.
    FallbackLadder(Ladder const& ladder, std::span<tls::Profile const* const> profiles,
                   std::optional<std::size_t> remembered = std::nullopt, bool scsv_refused = false);

    Attempt first();
    Next failed(tls::Failure const& failure);
    /// The step that worked and is worth remembering; nothing if it is what was known before.
    std::optional<std::size_t> succeeded() const;

    /// 86 answered our SCSV, in this run or when the step was learned. Goes into the memory with the step.
    bool scsv_refused() const { return scsv_refused_; }

    /// What the whole run failed of, once it has given up: the failure of its first dial.
    std::optional<tls::Failure> const& first_failure() const { return first_failure_; }

    /// A sentence when 86 answered our SCSV: the server does speak the higher version.
    std::optional<std::string> finding() const;

    /// The step of the attempt under way.
    std::size_t step() const { return current_.step; }

  private:
    Next fallback_refused();
    Next after_first_step(tls::Failure const& failure);
    Next next_step();
    Attempt start_from_top();
    Attempt attempt(std::size_t step, bool retry, bool resumption);
    bool weak(std::size_t step) const;
    bool wants_scsv(std::size_t step) const;

    Ladder const* ladder_;
    std::span<tls::Profile const* const> profiles_;
    std::size_t remembered_ = 0; ///< 0: nothing better than the top is known
    bool on_remembered_ = false; ///< the attempt under way is the remembered step
    Attempt current_;
    unsigned retries_left_ = 0;
    unsigned dials_ = 0;
    bool scsv_refused_ = false;
    std::optional<tls::Failure> first_failure_;
    std::optional<std::string> finding_;
};

} // namespace alert40::policy
