#include "diagnose/hello/difference.hpp"

#include "tls/version.hpp"
#include "tls/wire/extension.hpp"
#include "tls/wire/iana.hpp"

#include <string_view>

namespace alert40::diagnose {
namespace {

namespace iana = tls::wire::iana;
using Kind = Difference::Kind;
using tls::wire::ExtensionType;

std::string spelled_version(std::uint16_t code) {
    auto const name = name_of(static_cast<tls::ProtocolVersion>(code));
    return name == "unknown" ? iana::spelled({}, code)
           : name == "ssl3"  ? "SSL 3.0"
                             : "TLS " + std::string(name);
}

std::string counted_bytes(std::size_t bytes) {
    return std::to_string(bytes) + (bytes == 1 ? " byte" : " bytes");
}

std::string extension_name(Difference const& what) {
    if (iana::is_grease(what.code))
        return "the GREASE extension number " + std::to_string(what.occurrence + 1);
    auto const name = iana::name_of(iana::extension_types(), what.code);
    return "the extension " + (name.empty() ? "" : std::string(name) + " ") +
           (name.empty() ? std::to_string(what.code) : "(" + std::to_string(what.code) + ")");
}

std::string extension_words(Difference const& what) {
    bool const names_host = what.code == static_cast<std::uint16_t>(ExtensionType::server_name);
    auto const content = names_host && !what.name.empty() ? what.name : counted_bytes(what.bytes);
    if (what.kind == Kind::changed) return extension_name(what) + " with other content, " + content;
    bool const plain = what.kind == Kind::removed || (what.bytes == 0 && what.name.empty());
    return extension_name(what) + (plain ? "" : " with " + content);
}

/// Without an article: what a list has.
std::string element(Difference const& what) {
    switch (what.place) {
    case Place::cipher_suites: return "cipher suite " + iana::spelled(iana::cipher_suites(), what.code);
    case Place::supported_groups: return "group " + iana::spelled(iana::named_groups(), what.code);
    case Place::signature_algorithms:
        return "signature algorithm " + iana::spelled(iana::signature_schemes(), what.code);
    case Place::supported_versions:
        return "version " + (iana::is_grease(what.code) ? "GREASE" : spelled_version(what.code));
    case Place::key_shares: return "key share " + iana::spelled(iana::named_groups(), what.code);
    default: return {};
    }
}

std::string_view list_name(Place place) {
    switch (place) {
    case Place::cipher_suites: return "cipher suites";
    case Place::extensions: return "extensions";
    case Place::supported_groups: return "groups";
    case Place::signature_algorithms: return "signature algorithms";
    case Place::supported_versions: return "versions";
    case Place::key_shares: return "key shares";
    case Place::alpn: return "ALPN protocols";
    default: return "fields";
    }
}

/// The thing itself, as both hellos could have it.
std::string thing(Difference const& what) {
    switch (what.place) {
    case Place::record_version: return "the record version " + spelled_version(what.code);
    case Place::legacy_version: return "the legacy_version " + spelled_version(what.code);
    case Place::session_id:
        return what.bytes ? "a session id of " + counted_bytes(what.bytes) : "an empty session id";
    case Place::compression_methods: return "other compression methods";
    case Place::size: return "its size of " + counted_bytes(what.bytes);
    case Place::extensions: return extension_words(what);
    case Place::alpn: return what.name + " in ALPN";
    case Place::key_shares: return "the " + element(what) + " of " + counted_bytes(what.bytes);
    default: return "the " + element(what);
    }
}

} // namespace

std::string words_of(Difference const& what) {
    if (what.kind == Kind::order) return "the order of the " + std::string(list_name(what.place));
    if (what.kind != Kind::removed) return thing(what);
    auto const absent = thing(what);
    return absent.starts_with("the ") ? "no " + absent.substr(4) : "no " + absent;
}

std::string undoing(Difference const& what) {
    switch (what.kind) {
    case Kind::added: return "leave out " + thing(what);
    case Kind::removed: return "offer " + thing(what) + " as well";
    case Kind::order: return "put the " + std::string(list_name(what.place)) + " in another order";
    case Kind::changed: break;
    }
    if (what.place == Place::size) return "keep the hello below " + counted_bytes(what.bytes);
    return "change " + thing(what);
}

} // namespace alert40::diagnose
