#pragma once

#include "support/scripted_peer.hpp"
#include "support/tls_server.hpp"

#include <string>
#include <string_view>

namespace alert40::test {

inline std::span<std::uint8_t const> bytes_in(std::string_view text) {
    return {reinterpret_cast<std::uint8_t const*>(text.data()), text.size()};
}

/// What a real server answers to these bytes.
inline Bytes flight_of(TlsServer const& server, std::span<std::uint8_t const> hello) {
    ServerConnection connection{server};
    connection.feed(hello);
    return connection.take_output();
}

/// One connection of it, up to the end of the client.
inline void answer_with(TlsServer const& server, PeerSocket& socket) {
    ServerConnection connection{server};
    for (auto piece = socket.read_some(); !piece.empty(); piece = socket.read_some()) {
        connection.feed(bytes_in(piece));
        auto const output = connection.take_output();
        socket.write({reinterpret_cast<char const*>(output.data()), output.size()});
    }
}

/// The records of a whole hello.
inline std::string read_hello_records(PeerSocket& socket) {
    std::string all;
    for (std::string piece; (all.size() < 5 || all.size() < 5u + (static_cast<unsigned char>(all[3]) << 8 |
                                                                  static_cast<unsigned char>(all[4]))) &&
                            !(piece = socket.read_some()).empty();)
        all += piece;
    return all;
}

} // namespace alert40::test
