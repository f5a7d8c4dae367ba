#include "diagnose/verdict/profile_text.hpp"

namespace alert40::diagnose {
namespace {

constexpr std::string_view profile_name = "diagnosed";

std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (char const c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + '"';
}

std::string list_of(std::vector<std::string> const& names) {
    std::string out = "[";
    for (auto const& name : names)
        out += (out.size() > 1 ? ", " : "") + quoted(name);
    return out + "]";
}

std::string versions(tls::Profile const& profile) {
    std::vector<std::string> names;
    for (auto version = static_cast<int>(profile.min_version);
         version <= static_cast<int>(profile.max_version); ++version)
        names.emplace_back(tls::name_of(static_cast<tls::ProtocolVersion>(version)));
    return list_of(names);
}

/// The keys of a profile in which `changed` differs from `base`, a line each.
std::string differences(tls::Profile const& base, tls::Profile const& changed) {
    std::string text;
    auto const line = [&](bool differs, std::string_view key, std::string const& value) {
        if (differs) text += std::string(key) + " = " + value + "\n";
    };
    line(changed.min_version != base.min_version || changed.max_version != base.max_version, "versions",
         versions(changed));
    line(changed.alpn != base.alpn, "alpn", list_of(changed.alpn));
    line(changed.ciphers != base.ciphers, "ciphers", quoted(changed.ciphers));
    line(changed.cipher_suites != base.cipher_suites, "cipher_suites", list_of(changed.cipher_suites));
    line(changed.groups != base.groups, "groups", list_of(changed.groups));
    line(changed.signature_algorithms != base.signature_algorithms, "signature_algorithms",
         list_of(changed.signature_algorithms));
    line(changed.server_name != base.server_name, "server_name",
         quoted(changed.server_name.mode == tls::ServerName::Mode::none ? "none" : changed.server_name.name));
    line(changed.security_level != base.security_level, "security_level",
         std::to_string(changed.security_level));
    line(changed.legacy_renegotiation != base.legacy_renegotiation, "legacy_renegotiation",
         changed.legacy_renegotiation ? "true" : "false");
    line(changed.tickets != base.tickets, "tickets", changed.tickets ? "true" : "false");
    if (auto const& own = changed.client_certificate)
        line(own != base.client_certificate, "client_certificate",
             "{ cert = " + quoted(own->cert) + ", key = " + quoted(own->key) + " }");
    line(changed.split_hello != base.split_hello, "split_hello",
         quoted("record:" + std::to_string(changed.split_hello.at)));
    return text;
}

} // namespace

std::string policy_text(policy::Origin const& target, Trial const& base, Trial const& trial) {
    auto const profile = differences(base.profile, trial.profile);
    std::string rule;
    if (trial.resolver != base.resolver) rule += "resolver = " + quoted(trial.resolver.text()) + "\n";
    if (trial.address != base.address && trial.address)
        rule += "address = " + quoted(trial.address->text()) + "\n";
    if (trial.via != base.via) rule += "via = " + quoted(trial.via.text()) + "\n";
    if (profile.empty() && rule.empty()) return {};

    std::string text =
        "# What `alert40 diagnose " + target.text() + "` found to work: alert40 run --config FILE\n";
    if (!profile.empty())
        text += "[profile." + std::string(profile_name) + "]\nextends = " + quoted(base.profile.name) + "\n" +
                profile + "\n";
    text += "[[rule]]\nname = \"diagnosed\"\nhost = " + quoted(target.host) + "\n";
    if (!profile.empty()) text += "mode = \"intercept\"\nprofile = " + quoted(profile_name) + "\n";
    return text + rule;
}

} // namespace alert40::diagnose
