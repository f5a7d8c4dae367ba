#include "tls/fingerprint/known_clients.hpp"

#include "tls/wire/iana.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace alert40::tls::fingerprint {
namespace {

using Hello = wire::ClientHello;
using Numbers = std::vector<std::uint16_t>;
using Trait = bool (*)(Hello const&);

constexpr bool is_tls13_suite(std::uint16_t suite) {
    return suite >> 8 == 0x13;
}

template <std::uint16_t... start>
bool begins(Numbers numbers) {
    std::erase_if(numbers, wire::iana::is_grease);
    constexpr std::array<std::uint16_t, sizeof...(start)> expected{start...};
    return numbers.size() >= expected.size() && std::equal(expected.begin(), expected.end(), numbers.begin());
}

template <std::uint16_t type>
bool has(Hello const& hello) {
    return std::ranges::find(hello.extensions, type, &wire::Extension::type) != hello.extensions.end();
}

/// After the server's name, which is not always there.
template <std::uint16_t... start>
bool extensions_begin(Hello const& hello) {
    Numbers types;
    for (auto const& extension : hello.extensions)
        if (extension.type != static_cast<std::uint16_t>(wire::ExtensionType::server_name))
            types.push_back(extension.type);
    return begins<start...>(std::move(types));
}

/// The suites up to TLS 1.2.
template <std::uint16_t... start>
bool old_suites_begin(Hello const& hello) {
    auto suites = hello.cipher_suites;
    std::erase_if(suites, is_tls13_suite);
    return begins<start...>(std::move(suites));
}

template <std::uint16_t... start>
bool signatures_begin(Hello const& hello) {
    return begins<start...>(wire::signature_algorithms(hello.extensions).value_or(Numbers{}));
}

/// RFC 8701, in front.
bool greases(Hello const& hello) {
    return !hello.cipher_suites.empty() && wire::iana::is_grease(hello.cipher_suites.front());
}

bool tls13_suites_last(Hello const& hello) {
    auto const& suites = hello.cipher_suites;
    return suites.size() > 1 && !is_tls13_suite(suites.front()) && is_tls13_suite(suites.back());
}

/// The compressed ones too, which nobody uses.
bool all_point_formats(Hello const& hello) {
    return wire::ec_point_formats(hello.extensions).value_or(wire::Bytes{}).size() == 3;
}

/// ffdhe2048 and its like: OpenSSL 1.1 does not offer them.
bool finite_field_groups(Hello const& hello) {
    auto const groups = wire::supported_groups(hello.extensions).value_or(Numbers{});
    return std::ranges::any_of(groups, [](std::uint16_t group) { return group >> 8 == 1; });
}

struct Known {
    std::string_view name;
    std::array<Trait, 3> traits; ///< all of them; null: none
};

constexpr std::uint16_t ecdsa_aes128 = 0xc02b, rsa_aes128 = 0xc02f, ecdsa_aes256 = 0xc02c,
                        rsa_aes256 = 0xc030;
constexpr std::uint16_t ecdsa_chacha = 0xcca9;
constexpr std::uint16_t status_request_v2 = 17, extended_master_secret = 23, record_size_limit = 28,
                        delegated_credentials = 34, post_handshake_auth = 49, signature_algorithms_cert = 50,
                        renegotiation_info = 0xff01, supported_groups = 10;

/// The first row that fits.
constexpr std::array known_clients = {
    Known{"Firefox (NSS)", {has<delegated_credentials>, has<record_size_limit>}},
    Known{"Safari or another Apple app",
          {greases, old_suites_begin<ecdsa_aes256, ecdsa_aes128, ecdsa_chacha>}},
    Known{"Chromium or Electron (BoringSSL)", {greases, old_suites_begin<ecdsa_aes128, rsa_aes128>}},
    Known{"GnuTLS", {has<record_size_limit>, signatures_begin<0x0401, 0x0809, 0x0804>}},
    Known{"NSS",
          {has<record_size_limit>,
           extensions_begin<extended_master_secret, renegotiation_info, supported_groups>}},
    Known{"BoringSSL (gRPC, or Node in Electron)",
          {extensions_begin<extended_master_secret, renegotiation_info, supported_groups>}},
    Known{"Java", {has<status_request_v2>, has<signature_algorithms_cert>}},
    Known{"Go", {tls13_suites_last}},
    Known{"Rust (rustls)", {signatures_begin<0x0503, 0x0403>}},
    Known{"Node.js (OpenSSL 3)",
          {all_point_formats, finite_field_groups, old_suites_begin<rsa_aes128, ecdsa_aes128>}},
    Known{"Python (OpenSSL 3)",
          {all_point_formats, finite_field_groups,
           old_suites_begin<ecdsa_aes256, rsa_aes256, ecdsa_aes128, rsa_aes128>}},
    Known{"curl (OpenSSL 3)", {all_point_formats, finite_field_groups, has<post_handshake_auth>}},
    Known{"OpenSSL 3", {all_point_formats, finite_field_groups}},
    Known{"OpenSSL", {all_point_formats}},
};

} // namespace

std::string_view looks_like(wire::ClientHello const& hello) {
    for (auto const& [name, traits] : known_clients)
        if (std::ranges::all_of(traits, [&](Trait trait) { return trait == nullptr || trait(hello); }))
            return name;
    return {};
}

} // namespace alert40::tls::fingerprint
