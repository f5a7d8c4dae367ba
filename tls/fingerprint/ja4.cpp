#include "tls/fingerprint/ja4.hpp"

#include "tls/wire/iana.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

namespace alert40::tls::fingerprint {
namespace {

using Numbers = std::vector<std::uint16_t>;

constexpr std::string_view digits = "0123456789abcdef";

struct VersionCode {
    std::uint16_t version;
    std::string_view code;
};

constexpr std::array version_codes{
    VersionCode{0x0304, "13"}, VersionCode{0x0303, "12"}, VersionCode{0x0302, "11"},
    VersionCode{0x0301, "10"}, VersionCode{0x0300, "s3"}, VersionCode{0x0002, "s2"},
};

Numbers without_grease(Numbers numbers) {
    std::erase_if(numbers, wire::iana::is_grease);
    return numbers;
}

Numbers extension_types(wire::ClientHello const& hello) {
    Numbers types;
    for (auto const& extension : hello.extensions)
        types.push_back(extension.type);
    return without_grease(std::move(types));
}

/// The highest that is offered.
std::string_view version_code(wire::ClientHello const& hello) {
    auto const offered = without_grease(wire::supported_versions(hello.extensions).value_or(Numbers{}));
    auto const highest = offered.empty() ? hello.legacy_version : std::ranges::max(offered);
    auto const row = std::ranges::find(version_codes, highest, &VersionCode::version);
    return row == version_codes.end() ? "00" : row->code;
}

/// Two digits: "05", and "99" for anything larger.
std::string count(Numbers const& numbers) {
    auto const n = std::min<std::size_t>(numbers.size(), 99);
    return {digits[n / 10], digits[n % 10]};
}

bool is_alphanumeric(unsigned char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// The first and the last character of the first protocol, or of its hex form where one of them is no letter
/// or digit.
std::string alpn_code(wire::ClientHello const& hello) {
    auto const names = wire::alpn(hello.extensions);
    if (!names || names->empty()) return "00";
    auto const first = static_cast<unsigned char>(names->front().front());
    auto const last = static_cast<unsigned char>(names->front().back());
    if (is_alphanumeric(first) && is_alphanumeric(last))
        return {static_cast<char>(first), static_cast<char>(last)};
    return {digits[first >> 4], digits[last & 15]};
}

/// "1301,1302"
std::string hex_list(Numbers const& numbers) {
    std::string out;
    for (auto const number : numbers) {
        if (!out.empty()) out += ',';
        for (int shift = 12; shift >= 0; shift -= 4)
            out += digits[number >> shift & 15];
    }
    return out;
}

std::string readable_part(wire::ClientHello const& hello, Transport transport) {
    std::string out = transport == Transport::quic ? "q" : "t";
    out += version_code(hello);
    out += wire::find(hello.extensions, wire::ExtensionType::server_name) ? 'd' : 'i';
    out += count(without_grease(hello.cipher_suites));
    out += count(extension_types(hello));
    return out + alpn_code(hello);
}

std::string suites_part(wire::ClientHello const& hello) {
    auto suites = without_grease(hello.cipher_suites);
    std::ranges::sort(suites);
    return hex_list(suites);
}

/// The name and the protocols differ from call to call of one client, so they stay out of the list.
std::string extensions_part(wire::ClientHello const& hello) {
    auto types = extension_types(hello);
    std::erase(types, static_cast<std::uint16_t>(wire::ExtensionType::server_name));
    std::erase(types,
               static_cast<std::uint16_t>(wire::ExtensionType::application_layer_protocol_negotiation));
    std::ranges::sort(types);

    auto out = hex_list(types);
    auto const schemes = without_grease(wire::signature_algorithms(hello.extensions).value_or(Numbers{}));
    if (!out.empty() && !schemes.empty()) out += '_' + hex_list(schemes);
    return out;
}

std::string hashed(std::string const& part, Digests const& digests) {
    return part.empty() ? std::string(12, '0') : digests.sha256_hex(part).substr(0, 12);
}

} // namespace

std::string ja4(wire::ClientHello const& hello, Digests const& digests, Transport transport) {
    return readable_part(hello, transport) + '_' + hashed(suites_part(hello), digests) + '_' +
           hashed(extensions_part(hello), digests);
}

std::string ja4_text(wire::ClientHello const& hello, Transport transport) {
    return readable_part(hello, transport) + '_' + suites_part(hello) + '_' + extensions_part(hello);
}

} // namespace alert40::tls::fingerprint
