#pragma once

#include <cstdint>
#include <string_view>

/// Who says it: the library whose words they are, the program around it, and its side of the connection.
namespace alert40::explain {

/// Words of a family are in words/<family>.hpp.
enum class Family : std::uint8_t {
    none,
    // libraries of TLS
    openssl_or_boringssl, ///< the words do not tell
    openssl,
    openssl_1,
    openssl_3,
    boringssl,
    nss,
    gnutls,
    schannel,
    secure_transport,
    go,
    java,
    rustls,
    // programs and libraries around one
    curl,
    python,
    node,
    dotnet,
    chromium,
    nginx,
    grpc,
    connect,
};

/// "OpenSSL 3"; empty for `none`.
constexpr std::string_view name_of(Family family) {
    constexpr std::string_view names[] = {"",          "OpenSSL or BoringSSL",
                                          "OpenSSL",   "OpenSSL 1",
                                          "OpenSSL 3", "BoringSSL",
                                          "NSS",       "GnuTLS",
                                          "SChannel",  "Secure Transport",
                                          "Go",        "Java",
                                          "rustls",    "curl",
                                          "Python",    "Node.js",
                                          ".NET",      "Chromium",
                                          "nginx",     "gRPC",
                                          "Connect"};
    return names[static_cast<std::size_t>(family)];
}

constexpr bool is_library(Family family) {
    return family >= Family::openssl_or_boringssl && family <= Family::rustls;
}

/// The side of the connection on which the text was written.
enum class Side : std::uint8_t { unknown, client, server };

constexpr std::string_view name_of(Side side) {
    constexpr std::string_view names[] = {"unknown", "client", "server"};
    return names[static_cast<std::size_t>(side)];
}

} // namespace alert40::explain
