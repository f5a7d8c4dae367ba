#pragma once

#include "tls/engine/secret_line.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace alert40::tls::engine {

/// Opens what a server of TLS 1.3 encrypts with its handshake keys, for a client that holds the key share
/// and is no SSL of OpenSSL's (RFC 8446 sections 5.2 and 7). It checks neither certificate nor Finished: what
/// it opens was said by whoever answered the hello, and that is all that is known.
class FlightOpener {
  public:
    /// `transcript`: ClientHello and ServerHello, whole messages. Nothing for a suite that this cannot do
    /// (CCM), or where the library fails.
    static std::optional<FlightOpener> make(std::uint16_t cipher_suite, Secret const& shared,
                                            std::span<std::uint8_t const> transcript);

    FlightOpener(FlightOpener&&) noexcept;
    FlightOpener& operator=(FlightOpener&&) noexcept;
    ~FlightOpener();

    struct Opened {
        std::uint8_t content_type = 0;
        std::vector<std::uint8_t> content;
    };

    /// The next record, header and fragment. Nothing where it is not sealed with these keys; the next one may
    /// still be tried: it has the same number.
    std::optional<Opened> open(std::span<std::uint8_t const> record);

  private:
    struct Keys;
    explicit FlightOpener(std::unique_ptr<Keys> keys);

    std::unique_ptr<Keys> keys_;
    std::uint64_t sequence_ = 0;
};

} // namespace alert40::tls::engine
