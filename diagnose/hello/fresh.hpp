#pragma once

#include "diagnose/hello/extension_data.hpp"

#include <string_view>

namespace alert40::diagnose {

/// What is new in every hello, made by whoever keeps the private halves (tls::engine::ClientKeys).
struct Fresh {
    std::array<std::uint8_t, 32> random{};
    std::array<std::uint8_t, 32> session_id{};
    std::vector<KeyShare> key_shares;
};

/// The groups of its key shares, in order, GREASE left out.
std::vector<std::uint16_t> share_groups(Hello const& hello);

/// The same hello with a random, a session id and key shares of now, each of the length that it had. A share
/// that `fresh` has none for stays.
Hello freshened(Hello hello, Fresh const& fresh);

/// The same hello as it would be said to this host: in its server_name, if it has one, which goes where
/// `name` is empty (an address). Its padding makes up for the length, as far as that is long enough.
Hello addressed_to(Hello hello, std::string_view name);

/// The same hello with a padding extension (RFC 7685) that makes it this large on the wire, or as much larger
/// as four bytes of header want; without one where it is that large anyway.
Hello padded_to(Hello hello, std::size_t wire_bytes);

} // namespace alert40::diagnose
