#pragma once

#include "policy/ladder.hpp"
#include "policy/origin.hpp"
#include "policy/rule.hpp"
#include "record/diagnosis_record.hpp"
#include "tls/profile.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace alert40::proxy {

/// An origin for which every step of a ladder has failed: all that a diagnosis has to know. A value.
struct Ailment {
    std::string key; ///< of the origin, the way there and the ladder
    policy::Origin origin;
    tls::Profile profile; ///< the first of the ladder
    policy::Resolver resolver{};
    std::optional<policy::Address> address{};
    policy::Via via{};
    std::vector<policy::Endpoint> own_listeners{};
    tls::Failure failure{}; ///< the first of the ladder
};

/// Finds out in the background why an origin fails, where policy wants that. It is asked only where a ladder
/// has ended in failure. Any thread; nothing here waits.
class Diagnostician {
  public:
    virtual ~Diagnostician() = default;
    /// May come as often as requests fail.
    virtual void ladder_failed(Ailment ailment) noexcept = 0;
    /// What was found out about the ailment with this key; null: nothing yet.
    virtual std::shared_ptr<record::DiagnosisRecord const> diagnosis(std::string const& key) const = 0;
};

} // namespace alert40::proxy
