#pragma once

#include "policy/rule.hpp"
#include "tls/failure.hpp"

#include <boost/system/result.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace alert40::net {

/// The request for a tunnel to HOST:PORT (RFC 9110 section 9.3.6), with the proxy's Basic credentials (RFC
/// 7617).
std::string connect_request(std::string_view host, std::uint16_t port, policy::Via const& proxy);

/// What the proxy says to it. Interim answers are skipped; what follows a 2xx head belongs to the tunnel.
///
///     CONNECT origin:443 ->
///                        <- HTTP/1.1 200 Connection established
///     (tunnel)          <-> (tunnel)
class ConnectAnswer {
  public:
    static constexpr std::size_t most_bytes = 16 * 1024; ///< all heads together

    /// `proxy` is for the words of a failure only.
    explicit ConnectAnswer(policy::Via const& proxy);

    struct Progress {
        std::size_t taken = 0; ///< bytes of the head; the rest is the tunnel's
        bool open = false;     ///< the tunnel stands
    };

    /// What the proxy sent next. The failure is of phase `proxy_connect`.
    boost::system::result<Progress, tls::Failure> feed(std::span<std::uint8_t const> bytes);

    /// A failure of this phase, with the proxy's name in front of `detail`.
    tls::Failure failure(tls::FailureKind kind, std::string_view detail) const;

  private:
    tls::Failure refusal(unsigned status, std::string_view reason) const;

    std::string proxy_;
    bool with_credentials_;
    std::string head_;
    std::size_t before_ = 0; ///< bytes of interim heads
};

/// "http://proxy:3128": where the tunnel starts, without its credentials. "direct" where there is none.
std::string text_of(policy::Via const& via);

} // namespace alert40::net
