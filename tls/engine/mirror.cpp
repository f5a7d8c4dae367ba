#include "tls/engine/mirror.hpp"

#include "tls/engine/capabilities.hpp"
#include "tls/engine/client_context.hpp"
#include "tls/engine/client_settings.hpp"
#include "tls/engine/connection.hpp"
#include "tls/version.hpp"
#include "tls/wire/client_hello.hpp"
#include "tls/wire/describe.hpp"
#include "tls/wire/handshake_message.hpp"
#include "tls/wire/iana.hpp"
#include "tls/wire/record.hpp"

#include <openssl/err.h>

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <optional>

namespace alert40::tls::engine {
namespace {

using Names = std::vector<std::string>;
using Numbers = std::vector<std::uint16_t>;
using wire::iana::is_grease;

/// The suites up to TLS 1.2 that OpenSSL has, by their numbers, in its own spelling.
std::map<std::uint16_t, std::string> old_suites(SSL_CTX* scratch) {
    std::map<std::uint16_t, std::string> names;
    if (!selects_ciphers(scratch, "ALL:!aNULL:!eNULL:!PSK:!SRP:@SECLEVEL=0")) return names;
    auto const* const ciphers = SSL_CTX_get_ciphers(scratch);
    for (int i = 0; i < sk_SSL_CIPHER_num(ciphers); ++i) {
        auto const* const cipher = sk_SSL_CIPHER_value(ciphers, i);
        if (SSL_CIPHER_get_protocol_id(cipher) >> 8 == 0x13) continue; // always there, and set elsewhere
        names.emplace(SSL_CIPHER_get_protocol_id(cipher), SSL_CIPHER_get_name(cipher));
    }
    return names;
}

/// The names of those that `knows` knows, each once: OpenSSL takes no list that repeats itself.
template <class Knows>
Names known_of(Numbers const& codes, wire::iana::Registry registry, Knows knows) {
    Names names;
    for (auto const code : codes)
        if (std::string name(wire::iana::name_of(registry, code));
            !name.empty() && std::ranges::find(names, name) == names.end() && knows(name))
            names.push_back(std::move(name));
    return names;
}

bool is_known_tls13_suite(std::string const& name) {
    return std::ranges::find(tls13_cipher_suites, name) != tls13_cipher_suites.end();
}

/// The range of versions from the highest one downwards as far as it has no holes; nothing where it is empty.
bool take_versions(wire::ClientHello const& hello, Profile& profile) {
    auto const said = wire::supported_versions(hello.extensions);
    auto const offers = [&](ProtocolVersion version) {
        auto const number = static_cast<std::uint16_t>(version);
        return said ? std::ranges::find(*said, number) != said->end() : number == hello.legacy_version;
    };
    auto const is_possible = [&](ProtocolVersion version) {
        if (version == ProtocolVersion::tls1_3) return !profile.cipher_suites.empty();
        return !profile.ciphers.empty() &&
               (version == ProtocolVersion::tls1_2 || profile.security_level == 0);
    };
    std::optional<ProtocolVersion> lowest, highest;
    for (auto const version : {ProtocolVersion::tls1_3, ProtocolVersion::tls1_2, ProtocolVersion::tls1_1,
                               ProtocolVersion::tls1_0}) {
        if (offers(version) && is_possible(version)) {
            if (!highest) highest = version;
            lowest = version;
        } else if (highest) {
            break;
        }
    }
    if (!highest) return false;
    profile.max_version = *highest;
    // A hello without supported_versions does not tell the lowest.
    profile.min_version = said ? *lowest : std::min(profile.min_version, *highest);
    return true;
}

std::optional<Profile> profile_of(wire::ClientHello const& hello, Profile const& base) {
    auto const scratch = make_bare_context();
    if (!scratch) return std::nullopt;
    auto profile = base;
    profile.name = "mirror";
    auto const& extensions = hello.extensions;

    profile.cipher_suites = known_of(hello.cipher_suites, wire::iana::cipher_suites(), is_known_tls13_suite);
    profile.ciphers.clear();
    auto const old = old_suites(scratch.get());
    for (auto const suite : hello.cipher_suites)
        if (auto const found = old.find(suite); found != old.end())
            profile.ciphers += (profile.ciphers.empty() ? "" : ":") + found->second;
    profile.groups =
        known_of(wire::supported_groups(extensions).value_or(Numbers{}), wire::iana::named_groups(),
                 [&](std::string const& name) { return knows_group(scratch.get(), name); });
    profile.signature_algorithms =
        known_of(wire::signature_algorithms(extensions).value_or(Numbers{}), wire::iana::signature_schemes(),
                 [&](std::string const& name) { return knows_signature_algorithm(scratch.get(), name); });
    profile.alpn.clear();
    for (auto const name : wire::alpn(extensions).value_or(std::vector<std::string_view>{}))
        if (wire::protocol_text(name) != "GREASE") profile.alpn.emplace_back(name);
    profile.tickets = wire::find(extensions, wire::ExtensionType::session_ticket).has_value();
    if (!wire::find(extensions, wire::ExtensionType::server_name))
        profile.server_name.mode = ServerName::Mode::none;

    ERR_clear_error();
    if (!take_versions(hello, profile) || !incapabilities(profile).empty()) return std::nullopt;
    return profile;
}

/// The hello that a client of this profile sends, handshake header and all; empty where it sends none.
std::vector<std::uint8_t> hello_of(Profile profile) {
    profile.verify.mode = Verify::Mode::none; // nobody answers, and loading a store takes long
    profile.client_certificate.reset();
    profile.split_hello = {};
    auto const context = ClientContext::make(std::move(profile));
    if (!context) return {};
    ClientOptions options;
    options.target_name = "mirror.invalid";
    auto const client = Connection::make_client(*context, std::move(options));
    client->advance();
    auto const flight = client->hello_bytes();
    if (flight.size() < wire::record_header_size) return {};
    return {flight.begin() + wire::record_header_size, flight.end()};
}

struct Lists {
    std::string_view what; ///< one of them
    Names Offered::*names;
};

constexpr std::array lists = {
    Lists{"version", &Offered::versions}, Lists{"suite", &Offered::cipher_suites},
    Lists{"group", &Offered::groups},     Lists{"signature algorithm", &Offered::signature_algorithms},
    Lists{"protocol", &Offered::alpn},
};

/// Each once, without GREASE, which is left out by intent, and without the signalling suites, which say what
/// extensions say as well.
Names offers_in(Names const& names) {
    Names offers;
    for (auto const& name : names)
        if (name != "GREASE" && !name.ends_with("_SCSV") && std::ranges::find(offers, name) == offers.end())
            offers.push_back(name);
    return offers;
}

/// What `ours` lacks of `theirs` ("groups x448, ffdhe2048"), and whether the rest comes in their order.
void compare(std::string const& what, Names const& their_names, Names const& our_names, Names& missing) {
    auto theirs = offers_in(their_names), ours = offers_in(our_names);
    auto const is_in = [](Names const& names) {
        return [&names](std::string const& name) { return std::ranges::find(names, name) != names.end(); };
    };
    auto const lacking = std::stable_partition(theirs.begin(), theirs.end(), is_in(ours));
    if (lacking != theirs.end()) {
        auto text = what + (theirs.end() - lacking > 1 ? "s" : "");
        for (auto name = lacking; name != theirs.end(); ++name)
            text += (name == lacking ? " " : ", ") + *name;
        missing.push_back(std::move(text));
    }
    theirs.erase(lacking, theirs.end());
    std::erase_if(ours, std::not_fn(is_in(theirs)));
    if (theirs != ours) missing.push_back("the order of " + what + 's');
}

/// Extensions that depend on the connection, or that only fill or signal.
bool is_incidental(std::uint16_t type) {
    constexpr std::array<std::uint16_t, 5> incidental = {21, 41, 42, 44, 0xff01};
    return std::ranges::find(incidental, type) != incidental.end();
}

Names extension_names(wire::ClientHello const& hello) {
    Names names;
    for (auto const& extension : hello.extensions)
        if (!is_incidental(extension.type))
            names.push_back(wire::iana::spelled(wire::iana::extension_types(), extension.type));
    return names;
}

Names key_shares(wire::ClientHello const& hello) {
    Names names;
    for (auto const group : wire::key_share_groups(hello.extensions).value_or(Numbers{}))
        names.push_back(wire::group_name(group));
    return names;
}

Names difference(wire::ClientHello const& theirs, wire::ClientHello const& ours) {
    Names missing;
    auto const their_offer = wire::describe(theirs, 0), our_offer = wire::describe(ours, 0);
    for (auto const& [what, names] : lists)
        compare(std::string(what), their_offer.*names, our_offer.*names, missing);
    compare("key share", key_shares(theirs), key_shares(ours), missing);
    compare("extension", extension_names(theirs), extension_names(ours), missing);
    return missing;
}

} // namespace

Mirrored mirror(std::span<std::uint8_t const> hello, Profile const& base) {
    auto const theirs = wire::parse_client_hello(hello);
    if (!theirs) return {base, {"the hello, which is malformed"}};
    auto profile = profile_of(*theirs, base);
    if (!profile) return {base, {"the hello: nothing that it offers is possible here"}};
    auto const message = hello_of(*profile);
    if (message.size() < wire::handshake_header_size)
        return {base, {"the hello: OpenSSL cannot make its like"}};
    auto const ours = wire::parse_client_hello(std::span(message).subspan(wire::handshake_header_size));
    if (!ours) return {base, {"the hello: OpenSSL cannot make its like"}};
    return {*std::move(profile), difference(*theirs, *ours)};
}

} // namespace alert40::tls::engine
