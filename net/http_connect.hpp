#pragma once

#include "net/proxy_dialogue.hpp"

namespace alert40::net {

/// A tunnel by HTTP/1.1 (RFC 9110 section 9.3.6), with Basic credentials (RFC 7617). Interim answers are
/// skipped; what follows the head of a 2xx belongs to the tunnel.
///
///     CONNECT origin:443 ->
///                        <- HTTP/1.1 200 Connection established
///     (tunnel)          <-> (tunnel)
class HttpConnect final : public ProxyDialogue {
  public:
    static constexpr std::size_t most_bytes = 16 * 1024; ///< all heads together

    HttpConnect(policy::Via const& proxy, std::string_view host, std::uint16_t port);

    std::string begin() override { return request_; }

    boost::system::result<Progress, tls::Failure> feed(std::span<std::uint8_t const> bytes) override;

  private:
    tls::Failure refusal(unsigned status, std::string_view reason) const;

    std::string request_, head_;
    std::size_t before_ = 0; ///< bytes of interim heads
};

} // namespace alert40::net
