#include "policy/parse/profile_keys.hpp"

#include "policy/host_name.hpp"
#include "policy/limits.hpp"
#include "policy/parse/path_values.hpp"
#include "policy/parse/spellings.hpp"
#include "policy/parse/table.hpp"
#include "policy/parse/values.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace alert40::policy::parse {
namespace {

using tls::Profile;
using tls::ProtocolVersion;

void read_versions(Profile& profile, Node const& node, Context& context) {
    std::set<ProtocolVersion> versions;
    for (auto const& text : text_list_value(node, context)) {
        auto const version = tls::version_named(text.value);
        if (version)
            versions.insert(*version);
        else
            context.error(text.at, "\"versions\" takes \"1.0\" to \"1.3\", not " + in_quotes(text.value));
    }
    if (node.list() && node.list()->empty())
        context.error(node.at, "\"versions\" needs at least one version");
    if (versions.empty()) return;
    profile.min_version = *versions.begin();
    profile.max_version = *versions.rbegin();
    auto const span =
        static_cast<std::size_t>(profile.max_version) - static_cast<std::size_t>(profile.min_version) + 1;
    if (span != versions.size())
        context.error(node.at,
                      "\"versions\" has a hole: OpenSSL offers every version from the lowest to the highest");
}

constexpr std::array<std::string_view, 2> spoken_protocols = {"h2", "http/1.1"};

void read_alpn(Profile& profile, Node const& node, Context& context) {
    profile.alpn.clear();
    for (auto const& text : text_list_value(node, context)) {
        if (text.value.empty() || text.value.size() > limits::alpn_name) {
            context.error(text.at, "a protocol name in \"alpn\" has 1 to 255 bytes (RFC 7301)");
        } else if (std::find(profile.alpn.begin(), profile.alpn.end(), text.value) != profile.alpn.end()) {
            context.error(text.at, in_quotes(text.value) + " stands twice in \"alpn\"");
        } else {
            bool const spoken = std::find(spoken_protocols.begin(), spoken_protocols.end(), text.value) !=
                                spoken_protocols.end();
            if (!spoken)
                context.warning(text.at, "an origin that chooses " + in_quotes(text.value) +
                                             " cannot be spoken to: only \"h2\" and \"http/1.1\" can" +
                                             did_you_mean(text.value, spoken_protocols));
            profile.alpn.push_back(text.value);
        }
    }
}

void read_server_name(Profile& profile, Node const& node, Context& context) {
    auto const text = text_value(node, context);
    if (!text) return;
    profile.server_name = {};
    if (*text == "auto") return;
    if (*text == "none") {
        profile.server_name.mode = tls::ServerName::Mode::none;
        return;
    }
    auto name = to_a_label(*text);
    if (!name || to_ip_literal(*name))
        return context.error(
            node.at, "\"server_name\" takes \"auto\", \"none\" or a host name (no address: RFC 6066), not " +
                         in_quotes(*text));
    profile.server_name = {tls::ServerName::Mode::fixed, std::move(*name)};
}

void read_split_hello(Profile& profile, Node const& node, Context& context) {
    auto const text = text_value(node, context);
    if (!text) return;
    auto const split = parse_split_hello(*text);
    if (split)
        profile.split_hello = *split;
    else
        context.error(node.at, context.key() + " " + split.error().text);
}

template <std::vector<std::string> Profile::*member, std::string (*canonical)(std::string_view)>
void read_names(Profile& profile, Node const& node, Context& context) {
    (profile.*member).clear();
    for (auto const& text : text_list_value(node, context))
        (profile.*member).push_back(canonical(text.value));
}

std::string as_written(std::string_view text) {
    return std::string(text);
}

constexpr std::array verify_keys = {
    Key<tls::Verify>{"ca_file", [](tls::Verify& verify, Node const& node,
                                   Context& c) { store(verify.ca_file, file_value(node, c)); }},
    Key<tls::Verify>{"names",
                     [](tls::Verify& verify, Node const& node, Context& c) {
                         for (auto const& text : texts_value(node, c)) {
                             auto name = to_a_label(text.value);
                             if (name)
                                 verify.names.push_back(std::move(*name));
                             else
                                 c.error(text.at, "\"names\" takes host names and addresses, not " +
                                                      in_quotes(text.value));
                         }
                     }},
    Key<tls::Verify>{
        "time", [](tls::Verify& verify, Node const& node, Context& c) { verify.time = time_value(node, c); }},
};

constexpr std::array verify_choices = {Choice<tls::Verify::Mode>{"full", tls::Verify::Mode::full},
                                       Choice<tls::Verify::Mode>{"none", tls::Verify::Mode::none}};

void read_verify(Profile& profile, Node const& node, Context& context) {
    profile.verify = {};
    if (node.table())
        read_table<tls::Verify>(node, "verify", verify_keys, profile.verify, context);
    else
        store(profile.verify.mode, choice_value(node, verify_choices, context));
}

using tls::ClientCertificate;

constexpr std::array client_certificate_keys = {
    Key<ClientCertificate>{"cert", [](ClientCertificate& own, Node const& node,
                                      Context& c) { store(own.cert, file_value(node, c)); }},
    Key<ClientCertificate>{"key", [](ClientCertificate& own, Node const& node,
                                     Context& c) { store(own.key, file_value(node, c)); }},
};

void read_client_certificate(Profile& profile, Node const& node, Context& context) {
    ClientCertificate own;
    read_table<ClientCertificate>(node, "client_certificate", client_certificate_keys, own, context);
    auto const* table = node.table();
    if (table && !find(*table, "cert")) context.error(node.at, "\"client_certificate\" needs \"cert\"");
    if (table && !find(*table, "key")) own.key = own.cert;
    profile.client_certificate = std::move(own);
}

template <bool Profile::*member>
void read_switch(Profile& profile, Node const& node, Context& context) {
    store(profile.*member, boolean_value(node, context));
}

constexpr std::array profile_keys = {
    Key<Profile>{"extends", [](Profile&, Node const&, Context&) {}}, // its caller has followed it already
    Key<Profile>{"versions", read_versions},
    Key<Profile>{"alpn", read_alpn},
    Key<Profile>{"ciphers", [](Profile& profile, Node const& node,
                               Context& c) { store(profile.ciphers, text_value(node, c)); }},
    Key<Profile>{"cipher_suites", read_names<&Profile::cipher_suites, as_written>},
    Key<Profile>{"groups", read_names<&Profile::groups, canonical_group>},
    Key<Profile>{"signature_algorithms",
                 read_names<&Profile::signature_algorithms, canonical_signature_algorithm>},
    Key<Profile>{"server_name", read_server_name},
    Key<Profile>{"security_level",
                 [](Profile& profile, Node const& node, Context& c) {
                     if (auto const n = integer_value(node, 0, 5, c))
                         profile.security_level = static_cast<int>(*n);
                 }},
    Key<Profile>{"legacy_renegotiation", read_switch<&Profile::legacy_renegotiation>},
    Key<Profile>{"resumption", read_switch<&Profile::resumption>},
    Key<Profile>{"tickets", read_switch<&Profile::tickets>},
    Key<Profile>{"split_hello", read_split_hello},
    Key<Profile>{"verify", read_verify},
    Key<Profile>{"client_certificate", read_client_certificate},
};

} // namespace

Key<Profile> const& profile_key(std::string_view name) {
    return *std::ranges::find(profile_keys, name, &Key<Profile>::name);
}

void read_profile_keys(Node const& table, std::string_view where, Profile& profile, Context& context) {
    read_table<Profile>(table, where, profile_keys, profile, context);
}

} // namespace alert40::policy::parse
