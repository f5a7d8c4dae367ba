// boringssl_client PORT CA_FILE HOST: TLS to HOST through the proxy on 127.0.0.1:PORT, as Chromium and
// Electron offer it, and what BoringSSL says, as an Electron app shows it.
//
// An Electron app (Cursor, VS Code) prints such a line where Node, which Electron builds with BoringSSL,
// writes to a socket:
//
//   write EPROTO 8624:error:10000410:SSL
//   routines:OPENSSL_internal:SSLV3_ALERT_HANDSHAKE_FAILURE:tls_record.cc:592:SSL alert number 40
//
// "write EPROTO" is Node's; all that follows is what ERR_print_errors_cb of BoringSSL makes of its error
// queue, the alert's number included, and so it is here.
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

namespace {

int say(std::string_view words) {
    std::printf("%.*s\n", static_cast<int>(words.size()), words.data());
    return 1;
}

/// A socket in a tunnel to HOST:443, or -1.
int connect_through(char const* port, std::string const& host) {
    sockaddr_in proxy{};
    proxy.sin_family = AF_INET;
    proxy.sin_port = htons(static_cast<std::uint16_t>(std::atoi(port)));
    proxy.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int const sock = socket(AF_INET, SOCK_STREAM, 0);
    if (sock < 0 || connect(sock, reinterpret_cast<sockaddr const*>(&proxy), sizeof proxy) != 0) return -1;
    std::string const request = "CONNECT " + host + ":443 HTTP/1.1\r\nHost: " + host + ":443\r\n\r\n";
    if (send(sock, request.data(), request.size(), MSG_NOSIGNAL) < 0) return -1;
    std::string answer; // one byte at a time: what follows the head is not ours to read
    char byte = 0;
    while (!answer.ends_with("\r\n\r\n") && answer.size() < 8192 && recv(sock, &byte, 1, 0) == 1)
        answer += byte;
    return answer.starts_with("HTTP/1.1 200") ? sock : -1;
}

/// As Chromium: its suites, GREASE, extensions in any order, h2 and http/1.1. Not its ML-KEM, which is
/// younger.
bssl::UniquePtr<SSL_CTX> chromium_like(char const* ca_file) {
    bssl::UniquePtr<SSL_CTX> context{SSL_CTX_new(TLS_client_method())};
    SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
    SSL_CTX_set_strict_cipher_list(context.get(), "ALL:!aPSK:!ECDSA+SHA1:!3DES");
    SSL_CTX_set_grease_enabled(context.get(), 1);
    SSL_CTX_set_permute_extensions(context.get(), 1);
    SSL_CTX_enable_signed_cert_timestamps(context.get());
    SSL_CTX_enable_ocsp_stapling(context.get());
    static constexpr std::string_view protocols = "\x02h2\x08http/1.1";
    SSL_CTX_set_alpn_protos(context.get(), reinterpret_cast<std::uint8_t const*>(protocols.data()),
                            protocols.size());
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
    if (SSL_CTX_load_verify_locations(context.get(), ca_file, nullptr) != 1) return nullptr;
    return context;
}

/// The beginning of a conversation in the protocol that was agreed on: in TLS 1.3 a server may refuse after
/// the handshake.
std::string_view greeting(SSL const* tls) {
    using namespace std::string_view_literals;
    std::uint8_t const* chosen = nullptr;
    unsigned length = 0;
    SSL_get0_alpn_selected(tls, &chosen, &length);
    if (length == 2) return "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0"sv;
    return "GET / HTTP/1.1\r\nHost: words\r\n\r\n"sv;
}

/// What BoringSSL says of `result`, the outcome of its last function; where its queue is empty, how the
/// socket ended.
int explain(SSL const* tls, int result) {
    int const why = SSL_get_error(tls, result);
    int const cut = errno;
    if (ERR_GET_REASON(ERR_peek_error()) == SSL_R_CERTIFICATE_VERIFY_FAILED)
        say(X509_verify_cert_error_string(SSL_get_verify_result(tls)));
    if (ERR_peek_error() == 0 && why == SSL_ERROR_ZERO_RETURN) return say("close_notify");
    if (ERR_peek_error() == 0) return say(result == 0 ? "end of file" : std::strerror(cut));
    ERR_print_errors_cb(
        [](char const* line, std::size_t length, void*) {
            return say({line, length - 1});
        },
        nullptr);
    return 1;
}

} // namespace

int main(int count, char** words) {
    std::signal(SIGPIPE, SIG_IGN); // BoringSSL writes to a socket as to any file
    if (count != 4) return say("boringssl_client PORT CA_FILE HOST");
    auto const context = chromium_like(words[2]);
    if (!context) return say("no certificates in that file");
    int const sock = connect_through(words[1], words[3]);
    if (sock < 0) return say("no tunnel");
    bssl::UniquePtr<SSL> tls{SSL_new(context.get())};
    SSL_set_fd(tls.get(), sock);
    SSL_set_tlsext_host_name(tls.get(), words[3]);
    SSL_set_enable_ech_grease(tls.get(), 1);
    X509_VERIFY_PARAM_set1_host(SSL_get0_param(tls.get()), words[3], std::strlen(words[3]));

    if (int const done = SSL_connect(tls.get()); done != 1) return explain(tls.get(), done);
    auto const first = greeting(tls.get());
    std::array<char, 4096> answer{};
    if (int const done = SSL_write(tls.get(), first.data(), static_cast<int>(first.size())); done <= 0)
        return explain(tls.get(), done);
    if (int const done = SSL_read(tls.get(), answer.data(), answer.size()); done <= 0)
        return explain(tls.get(), done);
    return 0;
}
