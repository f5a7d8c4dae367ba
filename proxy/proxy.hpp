#pragma once

#include "policy/decision.hpp"
#include "policy/ladder_memory.hpp"
#include "proxy/upstream/diagnostician.hpp"
#include "record/sink.hpp"
#include "tls/ca/authority.hpp"

#include <cstddef>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace alert40::proxy {

/// The proxy cannot start or take a new listener: one line that names the address and the reason.
class StartError : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// The running proxy: `threads` workers that share nothing but the rulebook, the sink and what ladders have
/// learned. Its functions may be called from any one thread.
class Proxy {
  public:
    /// Builds every profile and binds every listener of the policy; throws StartError, and then nothing is
    /// left open. `sink` outlives the proxy. `authority`: where the local authority is where the policy names
    /// none. `diagnostician` outlives the proxy too; null: nobody finds out why a ladder has failed.
    Proxy(std::shared_ptr<policy::Rulebook const> rulebook, record::Sink& sink, tls::ca::Files authority = {},
          Diagnostician* diagnostician = nullptr);
    /// Stops at once; `drain` first to be gentle.
    ~Proxy();

    /// The bound addresses, as "127.0.0.1:4040", the mapped ones with what they stand for: "127.0.0.1:4050 ->
    /// https://...".
    std::vector<std::string> listening() const;
    /// Takes a new rulebook: new requests see it, open ones stay. Listeners are opened and closed to match;
    /// connections of a closed one finish what is under way. The number of threads stays. It is in force when
    /// this returns. Throws StartError, and then the old rulebook is still in force, whole.
    void apply(std::shared_ptr<policy::Rulebook const> rulebook);
    /// Takes no new connections, finishes what is under way (limits::drain_time), returns when that is done.
    void drain();

    std::vector<policy::LadderMemory::Entry> learned() const;
    /// Forgets what was learned about `host`, "*" for everything. Returns how many entries.
    std::size_t forget(std::string const& host);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace alert40::proxy
