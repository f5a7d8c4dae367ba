#pragma once

#include <boost/system/result.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace alert40::tls::engine {

/// A certificate chain with the key of its leaf, ready to be shown to clients. Immutable; shared by threads
/// and by the connections that show it.
class Identity {
  public:
    /// PEM texts: the leaf, then what signed it; the key. The error is one line.
    static boost::system::result<std::shared_ptr<Identity const>, std::string>
    from_pem(std::string_view chain, std::string_view key);
    ~Identity();
    Identity(Identity const&) = delete;
    Identity& operator=(Identity const&) = delete;

    struct State;

    State const& state() const { return *state_; } ///< for the engine and tls/ca alone

    explicit Identity(std::unique_ptr<State const> state);

  private:
    std::unique_ptr<State const> state_;
};

} // namespace alert40::tls::engine
