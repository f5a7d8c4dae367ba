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
    std::size_t step = 0;      ///< index into the ladder's steps
    unsigned number = 1;       ///< counts every dial of this run, from 1
    bool retry = false;        ///< the first profile once more
    bool resumption = true;    ///< may offer a session
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
/// Rules (FALLBACK in docs/policy.md): `retry` is for the first step only and any failure in `on`, without resumption;
/// after the first step every failure moves on; a remembered step that fails starts the ladder once from its top;
/// alert 71 and certificate failures never start it; alert 86 as `scsv` says.
class FallbackLadder {
  public:
    /// `profiles`: one per step, borrowed for the life of the object. `remembered`: the step that worked last time.
    FallbackLadder(Ladder const& ladder, std::span<tls::Profile const* const> profiles,
                   std::optional<std::size_t> remembered = std::nullopt);

    Attempt first();
    Next failed(tls::Failure const& failure);
    /// The step that worked and is worth remembering; nothing if it is what was known before.
    std::optional<std::size_t> succeeded() const;
    /// A sentence when 86 answered our SCSV: the server does speak the higher version.
    std::optional<std::string> finding() const;
    /// The step of the attempt under way.
    std::size_t step() const;

  private:
    Next advance_to(std::size_t step);
    Attempt attempt(std::size_t step, bool retry, bool resumption);

    Ladder const* ladder_;
    std::span<tls::Profile const* const> profiles_;
    std::optional<std::size_t> remembered_;
    Attempt current_;
    unsigned retries_left_ = 0;
    unsigned dials_ = 0;
    bool without_scsv_ = false;
    std::optional<std::string> finding_;
};

} // namespace alert40::policy
