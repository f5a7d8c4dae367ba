#pragma once

#include "tls/wire/client_hello.hpp"
#include "tls/wire/malformed.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace alert40::diagnose {

using Buffer = std::vector<std::uint8_t>;

/// A ClientHello as a value: what tls::wire::ClientHello borrows, this owns. It need not make sense to
/// anybody: what it says is what is sent.
struct Hello {
    struct Extension {
        std::uint16_t type = 0;
        Buffer data;

        bool operator==(Extension const&) const = default;
    };

    std::uint16_t legacy_record_version = 0x0301; ///< of the record that carries it
    std::uint16_t legacy_version = 0x0303;
    std::array<std::uint8_t, 32> random{};
    Buffer session_id;
    std::vector<std::uint16_t> cipher_suites;
    Buffer compression_methods{0};
    std::vector<Extension> extensions; ///< in order

    bool operator==(Hello const&) const = default;
};

/// The longest that is read, as a message: so that any two fit into one.
inline constexpr std::size_t longest_hello = 24 * 1024;

/// Reads a ClientHello from the bytes of a connection (whole records), or from a bare handshake message.
/// Fails with `illegal_value` at 0 where it is another message, `too_long` over `longest_hello`.
tls::wire::Result<Hello> read_hello(tls::wire::Bytes bytes);

/// The handshake message, with its 4-byte header.
Buffer message_of(Hello const& hello);
/// What is sent: the message in records, as few as hold it.
Buffer records_of(Hello const& hello);
/// Bytes on the wire, record headers included.
std::size_t wire_size(Hello const& hello);

/// The same for the readers of tls/wire. Borrows.
tls::wire::ClientHello view_of(Hello const& hello);

/// The first extension of this type; null: there is none.
Hello::Extension* find(Hello& hello, tls::wire::ExtensionType type);
Hello::Extension const* find(Hello const& hello, tls::wire::ExtensionType type);

} // namespace alert40::diagnose
