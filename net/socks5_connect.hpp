#pragma once

#include "net/proxy_dialogue.hpp"

namespace alert40::net {

/// A tunnel by SOCKS5 (RFC 1928), with user name and password where there are some (RFC 1929). A name is
/// sent as it is, an IP literal as an address.
///
///     methods      ->
///                  <- the one that the proxy chooses
///     credentials  ->                                     where it chooses them
///                  <- accepted
///     CONNECT      ->
///                  <- connected, and from where
///     (tunnel)    <-> (tunnel)
class Socks5Connect final : public ProxyDialogue {
  public:
    static constexpr std::size_t most_text = 255; ///< bytes of a name, a user name or a password

    Socks5Connect(policy::Via const& proxy, std::string_view host, std::uint16_t port);

    std::string begin() override;
    boost::system::result<Progress, tls::Failure> feed(std::span<std::uint8_t const> bytes) override;

  private:
    enum class Awaits : std::uint8_t { method, verdict, answer };
    /// Of one message; none taken: it is not whole yet.
    using Step = boost::system::result<Progress, tls::Failure>;

    Step take_message();
    Step take_method();
    Step take_verdict();
    Step take_answer() const;
    std::string request() const;

    std::uint8_t byte(std::size_t at) const { return static_cast<std::uint8_t>(seen_[at]); }

    std::string host_, username_, password_;
    std::uint16_t port_;
    std::string seen_; ///< of the message that is awaited
    Awaits awaits_ = Awaits::method;
};

} // namespace alert40::net
