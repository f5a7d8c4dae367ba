#pragma once

#include "support/scripted_peer.hpp"
#include "support/tls_server.hpp"

#include <openssl/ssl.h>

#include <csignal>

#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace alert40::test {

/// TLS on an accepted connection, blocking.
class TlsPeer {
  public:
    TlsPeer(TlsServer const& server, PeerSocket& socket)
        : ssl_(SSL_new(server.context()), SSL_free) {
        ::signal(SIGPIPE, SIG_IGN); // OpenSSL writes to peers that have gone
        SSL_set_fd(ssl_.get(), socket.fd());
        SSL_accept(ssl_.get());
    }

    std::string alpn() const {
        unsigned char const* name = nullptr;
        unsigned size = 0;
        SSL_get0_alpn_selected(ssl_.get(), &name, &size);
        return {reinterpret_cast<char const*>(name), size};
    }

    /// What comes in one piece; empty at the end.
    std::string read_some() const {
        std::string text(16384, '\0');
        auto const n = SSL_read(ssl_.get(), text.data(), static_cast<int>(text.size()));
        return text.substr(0, n > 0 ? static_cast<std::size_t>(n) : 0);
    }

    void write(std::string_view text) const {
        SSL_write(ssl_.get(), text.data(), static_cast<int>(text.size()));
    }

    /// Answers every HTTP/1.1 request with its number on this connection.
    void serve_http1() const {
        for (int n = 1; !read_some().empty(); ++n)
            write("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + std::to_string(n));
    }

    /// Says SETTINGS, then does `act` for each HEADERS frame.
    void serve_http2(std::function<void(std::uint32_t stream)> const& act) const {
        write(std::string_view{"\0\0\0\4\0\0\0\0\0", 9});
        std::string in;
        constexpr std::size_t preface = 24;
        std::size_t at = preface;
        for (auto piece = read_some(); !piece.empty(); piece = read_some()) {
            in += piece;
            auto const byte = [&in](std::size_t i) { return static_cast<std::uint8_t>(in[i]); };
            while (in.size() >= at + 9) {
                auto const size = static_cast<std::size_t>(byte(at) << 16 | byte(at + 1) << 8 | byte(at + 2));
                if (in.size() < at + 9 + size) break;
                if (byte(at + 3) == 1) act(byte(at + 8)); // few streams: the last byte names them
                at += 9 + size;
            }
        }
    }

    /// ":status: 200", END_STREAM.
    void answer(std::uint32_t stream) const {
        write(std::string{"\0\0\1\1\5\0\0\0", 8} + static_cast<char>(stream) + "\x88");
    }

    /// GOAWAY: nothing was processed.
    void goaway(char code) const { goaway(0, code); }

    /// GOAWAY, NO_ERROR: this stream was the last one.
    void goaway_after(std::uint32_t stream) const { goaway(static_cast<char>(stream), 0); }

  private:
    void goaway(char last_stream, char code) const {
        write(std::string{"\0\0\x08\7\0\0\0\0\0"
                          "\0\0\0",
                          12} +
              last_stream + std::string(3, '\0') + code);
    }

    std::unique_ptr<SSL, decltype(&SSL_free)> ssl_;
};

inline bool offers_h2(std::string_view client_hello) {
    return client_hello.find("\2h2") != std::string_view::npos;
}

inline void refuse_with_40(PeerSocket const& socket) {
    socket.write(std::string_view{"\x15\x03\x03\x00\x02\x02\x28", 7});
    socket.wait_for_end();
}

/// The ClientHello, still to be read.
inline std::string peek_hello(PeerSocket const& socket) {
    std::string text(16384, '\0');
    auto const n = ::recv(socket.fd(), text.data(), text.size(), MSG_PEEK);
    return text.substr(0, n > 0 ? static_cast<std::size_t>(n) : 0);
}

} // namespace alert40::test
