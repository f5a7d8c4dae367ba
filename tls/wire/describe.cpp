#include "tls/wire/describe.hpp"

#include "tls/version.hpp"
#include "tls/wire/iana.hpp"

#include <algorithm>
#include <vector>

namespace alert40::tls::wire {
namespace {

using Numbers = std::vector<std::uint16_t>;

std::vector<std::string> names(iana::Registry registry, Numbers const& codes) {
    std::vector<std::string> out;
    out.reserve(codes.size());
    for (auto const code : codes)
        out.push_back(iana::spelled(registry, code));
    return out;
}

std::string version_text(std::uint16_t version) {
    auto const name = name_of(static_cast<ProtocolVersion>(version));
    return name == "unknown" ? iana::spelled({}, version) : std::string{name};
}

/// Without supported_versions, only the highest version is said; the lower ones are not an offer one could
/// see.
std::vector<std::string> offered_versions(ClientHello const& hello) {
    std::vector<std::string> out;
    for (auto const version : supported_versions(hello.extensions).value_or(Numbers{hello.legacy_version}))
        out.push_back(version_text(version));
    return out;
}

/// A pre-shared key, a ticket (RFC 5077), or a session id of a hello that cannot mean TLS 1.3, where it is
/// only there for middleboxes (RFC 8446 appendix D.4).
bool offers_resumption(ClientHello const& hello) {
    if (find(hello.extensions, ExtensionType::pre_shared_key)) return true;
    auto const ticket = find(hello.extensions, ExtensionType::session_ticket);
    if (ticket && !ticket->empty()) return true;
    return !hello.session_id.empty() && !find(hello.extensions, ExtensionType::supported_versions);
}

/// An extension of ours and theirs where the server accepted the key (TLS 1.3), or our session id come back.
bool resumes(ServerHello const& answer, Bytes offered_session_id) {
    if (answer.version() >= static_cast<std::uint16_t>(ProtocolVersion::tls1_3))
        return find(answer.extensions, ExtensionType::pre_shared_key).has_value();
    return !offered_session_id.empty() && std::ranges::equal(answer.session_id, offered_session_id);
}

bool is_grease_protocol(std::string_view name) {
    if (name.size() != 2) return false;
    auto const high = static_cast<unsigned char>(name[0]);
    auto const low = static_cast<unsigned char>(name[1]);
    return iana::is_grease(static_cast<std::uint16_t>(high << 8 | low));
}

} // namespace

Offered describe(ClientHello const& hello, std::size_t bytes) {
    Offered offered;
    offered.versions = offered_versions(hello);
    offered.cipher_suites = names(iana::cipher_suites(), hello.cipher_suites);
    offered.groups = names(iana::named_groups(), supported_groups(hello.extensions).value_or(Numbers{}));
    offered.signature_algorithms =
        names(iana::signature_schemes(), signature_algorithms(hello.extensions).value_or(Numbers{}));
    for (auto const name : alpn(hello.extensions).value_or(std::vector<std::string_view>{}))
        offered.alpn.push_back(protocol_text(name));
    offered.server_name = printable(server_name(hello.extensions).value_or(""));
    offered.bytes = bytes;
    offered.scsv = std::ranges::find(hello.cipher_suites, iana::fallback_scsv) != hello.cipher_suites.end();
    offered.resumption = offers_resumption(hello);
    return offered;
}

Negotiated describe(ServerHello const& answer, Bytes offered_session_id) {
    Negotiated negotiated;
    negotiated.version = version_text(answer.version());
    negotiated.cipher_suite = iana::spelled(iana::cipher_suites(), answer.cipher_suite);
    if (auto const group = answer.key_share_group()) negotiated.group = group_name(*group);
    if (auto const names = alpn(answer.extensions); names && names->size() == 1)
        negotiated.alpn = protocol_text(names->front());
    negotiated.resumed = resumes(answer, offered_session_id);
    negotiated.no_secure_renegotiation =
        answer.version() < static_cast<std::uint16_t>(ProtocolVersion::tls1_3) &&
        !find(answer.extensions, ExtensionType::renegotiation_info);
    return negotiated;
}

std::string group_name(std::uint16_t code) {
    return iana::spelled(iana::named_groups(), code);
}

std::string printable(std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (auto const c : text) {
        auto const byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && byte < 0x7f && c != '\\')
            out += c;
        else
            out.append("\\x").append(1, digits[byte >> 4]).append(1, digits[byte & 15]);
    }
    return out;
}

std::string protocol_text(std::string_view name) {
    return is_grease_protocol(name) ? "GREASE" : printable(name);
}

} // namespace alert40::tls::wire
