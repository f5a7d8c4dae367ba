#pragma once

#include "record/role.hpp"

#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>

namespace alert40::record {

/// A set of enumerators, usable in a constexpr table. The empty one stands for "any" there.
template <typename Enum>
class Set {
  public:
    constexpr Set() = default;

    constexpr Set(std::initializer_list<Enum> members) {
        for (auto const member : members)
            bits_[static_cast<std::size_t>(member) / 64] |= std::uint64_t{1}
                                                            << static_cast<std::size_t>(member) % 64;
    }

    constexpr bool empty() const { return bits_ == std::array<std::uint64_t, 4>{}; }

    constexpr bool has(Enum member) const {
        return (bits_[static_cast<std::size_t>(member) / 64] >> static_cast<std::size_t>(member) % 64 & 1) !=
               0;
    }

    constexpr void add(Enum member) { *this = unite(*this, Set{member}); }

    constexpr bool includes(Set other) const { return unite(*this, other).bits_ == bits_; }

    constexpr bool meets(Set other) const {
        for (std::size_t i = 0; i < bits_.size(); ++i)
            if ((bits_[i] & other.bits_[i]) != 0) return true;
        return false;
    }

    constexpr bool operator==(Set const&) const = default;

  private:
    static constexpr Set unite(Set a, Set const& b) {
        for (std::size_t i = 0; i < a.bits_.size(); ++i)
            a.bits_[i] |= b.bits_[i];
        return a;
    }

    std::array<std::uint64_t, 4> bits_{};
};

/// What the records say beyond the failure itself. Those that begin with `same_` speak of later attempts,
/// which failed in the same manner although they differed in that one respect.
enum class Fact : std::uint8_t {
    offered_h2,
    offered_alpn,
    offered_tls13,
    offered_tls12,
    only_tls13,
    app_has_only_old_suites, ///< neither TLS 1.3 nor ECDHE with an AEAD
    without_server_name,
    offered_session,
    sent_scsv,
    over_one_packet, ///< the ClientHello does not fit a TCP segment of an Ethernet path
    certificate_requested,
    answered_tls12, ///< or lower
    answered_below_tls12,
    resumed,
    finite_field_dh, ///< a TLS_DHE_ suite was chosen
    expired,
    not_yet_valid,
    self_signed,
    through_proxy,
    same_without_h2,
    same_without_alpn,
    same_without_server_name,
    same_without_session,
    same_when_small,
    same_with_tls12,
    only_certificate_remains, ///< the first attempt was refused, and a later one came to the certificate
};

/// What there is to explain.
struct Evidence {
    Role role = Role::dialled;
    std::string host;     ///< of the target
    std::string via;      ///< the upstream proxy, if there is one
    std::string client;   ///< what the app's hello looks like
    std::string suites;   ///< what was offered, for a person: "TLS_A, TLS_B"
    std::string versions; ///< the same: "TLS 1.0, 1.2"
    std::string answered; ///< the version that the server chose: "TLS 1.0"
    std::string valid;    ///< a moment at which the server's certificate was valid
    tls::Failure failure;
    /// Of the alert; without one, of a watched handshake, whether the server or the app ended it.
    tls::Direction direction = tls::Direction::received;
    Set<Fact> facts;
    /// Of `only_certificate_remains`: the profile, who signed the certificate, and what was wrong with that.
    std::string step, issuer, objection;
};

Evidence evidence_of(std::span<HandshakeRecord const> attempts, tls::Failure const* failure);

} // namespace alert40::record
