#pragma once

#include "tls/engine/secret_line.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace alert40::tls::engine {

/// What is new in every ClientHello, for one that OpenSSL's TLS does not make itself: the random, a session
/// id, key shares and their private halves. Each is real, so that a real server's answer is. Shared by
/// nobody.
class ClientKeys {
  public:
    struct Share {
        std::uint16_t group = 0;
        std::vector<std::uint8_t> key_exchange;
    };

    /// A share for each of these groups that can be had; the others are left out. Nothing only when the
    /// library fails.
    static std::optional<ClientKeys> make(std::span<std::uint16_t const> groups);

    ClientKeys(ClientKeys&&) noexcept;
    ClientKeys& operator=(ClientKeys&&) noexcept;
    ~ClientKeys();

    std::array<std::uint8_t, 32> const& random() const { return random_; }

    std::array<std::uint8_t, 32> const& session_id() const { return session_id_; }

    std::vector<Share> const& shares() const { return shares_; }

    /// The secret that a server's share makes of ours. Nothing for a share that is none, and for
    /// X25519MLKEM768: that share is well-formed (a modulus of FIPS 203 section 7.2 holds), and nobody has
    /// its private half.
    std::optional<Secret> agree(std::uint16_t group, std::span<std::uint8_t const> servers) const;

  private:
    struct Private;
    ClientKeys();

    std::array<std::uint8_t, 32> random_{}, session_id_{};
    std::vector<Share> shares_;
    std::unique_ptr<Private> private_;
};

} // namespace alert40::tls::engine
