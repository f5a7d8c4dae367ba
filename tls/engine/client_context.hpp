#pragma once

#include "tls/profile.hpp"

#include <boost/system/result.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace alert40::tls::engine {

/// Takes a line of the NSS key log format (SSLKEYLOGFILE), without its newline. Called from any thread that
/// uses the context.
using KeyLog = std::function<void(std::string_view line)>;

/// One profile made ready: an SSL_CTX with its store loaded. Immutable, shared by every connection of every
/// thread that uses the profile.
class ClientContext {
  public:
    /// The error is one line that names the key and the file or value that OpenSSL refused.
    static boost::system::result<std::shared_ptr<ClientContext const>, std::string> make(Profile profile,
                                                                                         KeyLog key_log = {});
    ~ClientContext();
    ClientContext(ClientContext const&) = delete;
    ClientContext& operator=(ClientContext const&) = delete;

    Profile const& profile() const;

    struct State;

    State& state() const { return *state_; } ///< for the engine alone

  private:
    explicit ClientContext(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

} // namespace alert40::tls::engine
