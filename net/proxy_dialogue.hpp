#pragma once

#include "policy/rule.hpp"
#include "tls/failure.hpp"

#include <boost/system/result.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace alert40::net {

/// What is said to an upstream proxy until a tunnel through it stands: bytes in, bytes out.
class ProxyDialogue {
  public:
    struct Progress {
        std::size_t taken = 0; ///< bytes of the dialogue; where it is over, the rest is the tunnel's
        std::string reply{};   ///< to be sent
        bool open = false;     ///< the tunnel stands
    };

    virtual ~ProxyDialogue() = default;

    /// What is sent first.
    virtual std::string begin() = 0;
    /// What the proxy sent next. The failure is of phase `proxy_connect`.
    virtual boost::system::result<Progress, tls::Failure> feed(std::span<std::uint8_t const> bytes) = 0;

    /// A failure of this phase, with the proxy's name in front of `detail`.
    tls::Failure failure(tls::FailureKind kind, std::string_view detail) const {
        return {tls::By::upstream, tls::Phase::proxy_connect, kind, std::nullopt,
                "proxy " + proxy_ + ": " + std::string{detail}};
    }

  protected:
    explicit ProxyDialogue(policy::Via const& proxy)
        : proxy_(proxy.text())
        , with_credentials_(!proxy.username.empty() || !proxy.password.empty()) {}

    bool with_credentials() const { return with_credentials_; }

  private:
    std::string proxy_;
    bool with_credentials_;
};

/// Asks `proxy`, in its language, for a tunnel to HOST:PORT.
std::unique_ptr<ProxyDialogue> make_proxy_dialogue(policy::Via const& proxy, std::string_view host,
                                                   std::uint16_t port);

} // namespace alert40::net
