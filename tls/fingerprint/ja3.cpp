#include "tls/fingerprint/ja3.hpp"

#include "tls/wire/iana.hpp"

#include <vector>

namespace alert40::tls::fingerprint {
namespace {

using Numbers = std::vector<std::uint16_t>;

/// "4865-4866": decimal, without GREASE.
template <class Range>
std::string dashed(Range const& numbers) {
    std::string out;
    for (std::uint16_t const number : numbers) {
        if (wire::iana::is_grease(number)) continue;
        if (!out.empty()) out += '-';
        out += std::to_string(number);
    }
    return out;
}

std::string dashed_types(std::vector<wire::Extension> const& extensions) {
    Numbers types;
    for (auto const& extension : extensions)
        types.push_back(extension.type);
    return dashed(types);
}

} // namespace

std::string ja3_text(wire::ClientHello const& hello) {
    auto const groups = wire::supported_groups(hello.extensions).value_or(Numbers{});
    auto const point_formats = wire::ec_point_formats(hello.extensions).value_or(wire::Bytes{});
    return std::to_string(hello.legacy_version) + ',' + dashed(hello.cipher_suites) + ',' +
           dashed_types(hello.extensions) + ',' + dashed(groups) + ',' + dashed(point_formats);
}

std::string ja3s_text(wire::ServerHello const& answer) {
    return std::to_string(answer.legacy_version) + ',' + std::to_string(answer.cipher_suite) + ',' +
           dashed_types(answer.extensions);
}

std::string ja3(wire::ClientHello const& hello, Digests const& digests) {
    return digests.md5_hex(ja3_text(hello));
}

std::string ja3s(wire::ServerHello const& answer, Digests const& digests) {
    return digests.md5_hex(ja3s_text(answer));
}

} // namespace alert40::tls::fingerprint
