#pragma once

#include "policy/decision.hpp"
#include "proxy/exchange/exchange.hpp"
#include "tls/engine/client_context.hpp"
#include "tls/offer.hpp"

#include <boost/system/result.hpp>

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace alert40::proxy {

/// A profile made ready to dial with. The context is shared by all connections that use it.
struct ReadyProfile {
    std::shared_ptr<tls::engine::ClientContext const> context;
    std::vector<std::string> weaknesses; ///< why it is below the floor; empty: it is not
    std::vector<std::string> missing{};  ///< of a mirrored hello: what we cannot offer
};

/// One policy made ready: shared by all workers (shared_ptr), immutable to its users, replaced whole by a
/// reload.
class Snapshot {
  public:
    /// Makes the profiles of the file ready at once, so that a wrong one is refused here, and the built-in
    /// ones on first use; takes over from `before` what has not changed and reads no files. The error is one
    /// line.
    static boost::system::result<std::shared_ptr<Snapshot const>, std::string>
    make(std::shared_ptr<policy::Rulebook const> rulebook, std::vector<policy::Endpoint> own_listeners,
         Snapshot const* before);

    policy::Rulebook const& rulebook() const { return *rulebook_; }

    std::vector<policy::Endpoint> const& own_listeners() const { return own_listeners_; }

    /// Thread-safe. `name` is of the policy. The error is one line.
    boost::system::result<ReadyProfile, std::string> profile(std::string_view name) const;
    /// The profile that offers what an app has offered, `name` for everything else. Thread-safe; made once
    /// for each kind of hello (by its JA3 and JA4), of which a bounded number is kept.
    boost::system::result<ReadyProfile, std::string> mirror(std::string_view name,
                                                            AppHello const& hello) const;

    /// `base` with another offer, on purpose. Thread-safe; made once, of which a bounded number is kept.
    boost::system::result<ReadyProfile, std::string> offering(ReadyProfile const& base,
                                                              std::vector<tls::Offer> const& offers) const;

  private:
    Snapshot(std::shared_ptr<policy::Rulebook const> rulebook, std::vector<policy::Endpoint> own_listeners);

    std::shared_ptr<policy::Rulebook const> rulebook_;
    std::vector<policy::Endpoint> own_listeners_;
    mutable std::mutex mutex_;
    mutable std::map<std::string, ReadyProfile, std::less<>> ready_;
    mutable std::map<std::string, ReadyProfile, std::less<>> mirrored_;
    mutable std::vector<ReadyProfile> offering_; ///< each known by its profile
};

} // namespace alert40::proxy
