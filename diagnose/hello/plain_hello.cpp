#include "diagnose/hello/plain_hello.hpp"

#include "diagnose/hello/extension_data.hpp"
#include "diagnose/hello/fresh.hpp"
#include "tls/version.hpp"
#include "tls/wire/iana.hpp"

#include <algorithm>
#include <string_view>

namespace alert40::diagnose {
namespace {

using tls::ProtocolVersion;
using tls::wire::ExtensionType;
using Numbers = std::vector<std::uint16_t>;

constexpr auto tls1_2 = static_cast<std::uint16_t>(ProtocolVersion::tls1_2);
constexpr auto tls1_0 = static_cast<std::uint16_t>(ProtocolVersion::tls1_0);
constexpr std::uint16_t status_request_type = 5, psk_key_exchange_modes_type = 45;

class Extensions {
  public:
    explicit Extensions(Hello& hello)
        : hello_(hello) {}

    void add(bool wanted, ExtensionType type, Buffer data) {
        add(wanted, static_cast<std::uint16_t>(type), std::move(data));
    }

    void add(bool wanted, std::uint16_t type, Buffer data) {
        if (wanted) hello_.extensions.push_back({type, std::move(data)});
    }

  private:
    Hello& hello_;
};

/// Bytes of a key share.
struct ShareSize {
    std::uint16_t group;
    std::size_t bytes;
};

constexpr ShareSize share_sizes[] = {
    {0x0017, 65}, {0x0018, 97}, {0x0019, 133}, {0x001d, 32}, {0x001e, 56}, {0x11ec, 1184 + 32},
};

std::vector<KeyShare> shares_of(Numbers const& groups) {
    std::vector<KeyShare> shares;
    for (auto const group : groups) {
        auto const* const known = std::ranges::find(share_sizes, group, &ShareSize::group);
        if (known != std::end(share_sizes)) shares.push_back({group, Buffer(known->bytes)});
    }
    return shares;
}

/// Curves up to TLS 1.2; a client that has none says neither.
bool any_curve(Numbers const& groups) {
    return std::ranges::any_of(groups, [](std::uint16_t group) { return group < 0x0100; });
}

bool encrypts_for_somebody(std::string_view suite) {
    constexpr std::string_view left_out[] = {"NULL", "anon",  "EXPORT", "PSK", "SRP",
                                             "KRB5", "_DES_", "DES40",  "SCSV"};
    return std::ranges::none_of(left_out, [&](auto word) { return suite.find(word) != suite.npos; });
}

} // namespace

Numbers PlainHello::modern_suites() {
    return {0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8};
}

Numbers PlainHello::modern_signature_algorithms() {
    return {0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601};
}

Numbers PlainHello::all_suites() {
    auto suites = modern_suites();
    Numbers const older{
        0x009e, 0x009f, 0xccaa, 0xc023, 0xc027, 0xc024, 0xc028, 0xc009, 0xc013, 0xc00a, 0xc014, // ECDHE, DHE
        0x0067, 0x006b, 0x0033, 0x0039, 0x0032, 0x0038,                 // DHE with CBC
        0x009c, 0x009d, 0x003c, 0x003d, 0x002f, 0x0035, 0x0041, 0x0084, // static RSA
        0xc012, 0xc008, 0x0016, 0x000a,                                 // 3DES
        0xc011, 0xc007, 0x0005, 0x0004,                                 // RC4
    };
    suites.insert(suites.end(), older.begin(), older.end());
    return suites;
}

Numbers PlainHello::every_suite() {
    Numbers suites;
    for (auto const& row : tls::wire::iana::cipher_suites())
        if (encrypts_for_somebody(row.name)) suites.push_back(row.code);
    return suites;
}

Numbers PlainHello::every_group() {
    Numbers groups;
    for (auto const& [code, name] : tls::wire::iana::named_groups())
        if (code < first_post_quantum_group) groups.push_back(code);
    return groups;
}

Numbers PlainHello::all_signature_algorithms() {
    auto schemes = modern_signature_algorithms();
    Numbers const older{0x0603, 0x0807, 0x0808, 0x0809, 0x080a, 0x080b,
                        0x0303, 0x0301, 0x0203, 0x0201, 0x0202};
    schemes.insert(schemes.end(), older.begin(), older.end());
    return schemes;
}

Hello built(PlainHello const& plain) {
    auto const highest = plain.versions.empty() ? tls1_2 : *std::ranges::max_element(plain.versions);
    bool const tls13 = highest > tls1_2;
    Hello hello;
    hello.legacy_version = std::min(highest, tls1_2);
    hello.legacy_record_version = std::min(highest, tls1_0);
    if (tls13) hello.session_id.resize(32);
    hello.cipher_suites = plain.cipher_suites;
    if (plain.deflate) hello.compression_methods = {1, 0};
    if (plain.fallback_scsv) hello.cipher_suites.push_back(tls::wire::iana::fallback_scsv);

    if (highest < tls1_0) { // no extensions
        if (plain.renegotiation_info)
            hello.cipher_suites.push_back(tls::wire::iana::empty_renegotiation_info_scsv);
        return hello;
    }
    Extensions say(hello);
    say.add(!plain.server_name.empty(), ExtensionType::server_name, server_name_data(plain.server_name));
    say.add(plain.extended_master_secret, ExtensionType::extended_master_secret, {});
    say.add(plain.renegotiation_info, ExtensionType::renegotiation_info, {0});
    say.add(!plain.groups.empty(), ExtensionType::supported_groups, code_list_data(plain.groups));
    say.add(any_curve(plain.groups), ExtensionType::ec_point_formats, {1, 0}); // uncompressed
    say.add(plain.session_ticket, ExtensionType::session_ticket, {});
    say.add(!plain.alpn.empty(), ExtensionType::application_layer_protocol_negotiation,
            alpn_data(plain.alpn));
    say.add(plain.status_request, status_request_type, {1, 0, 0, 0, 0}); // ocsp
    say.add(highest >= tls1_2 && !plain.signature_algorithms.empty(), ExtensionType::signature_algorithms,
            code_list_data(plain.signature_algorithms));
    say.add(tls13, ExtensionType::supported_versions, supported_versions_data(plain.versions));
    say.add(tls13, psk_key_exchange_modes_type, {1, 1}); // psk_dhe_ke: the server may give tickets
    say.add(tls13, ExtensionType::key_share, key_share_data(shares_of(plain.key_shares)));
    return plain.pad_to ? padded_to(std::move(hello), plain.pad_to) : hello;
}

} // namespace alert40::diagnose
