#include "diagnose/inventory/offers.hpp"

#include "diagnose/hello/plain_hello.hpp"
#include "tls/wire/iana.hpp"

#include <algorithm>
#include <string_view>

namespace alert40::diagnose::offers {
namespace {

namespace iana = tls::wire::iana;

constexpr std::uint16_t tls1_2 = 0x0303, tls1_3 = 0x0304;
constexpr std::size_t most_in_part = 100;

bool has_any(std::string_view name, std::initializer_list<std::string_view> words) {
    return std::ranges::any_of(words, [&](auto word) { return name.find(word) != name.npos; });
}

bool is_tls13(std::string_view name) {
    return name.starts_with("TLS_") && !has_any(name, {"_WITH_", "_SCSV"});
}

/// AEADs, and MACs that came with TLS 1.2.
bool needs_tls12(std::string_view name) {
    return has_any(name, {"GCM", "CCM", "CHACHA20", "SHA256", "SHA384"});
}

bool is_asked_in(std::uint16_t version, std::string_view name) {
    if (version == tls1_3) return is_tls13(name);
    return !is_tls13(name) && (version == tls1_2 || !needs_tls12(name)) &&
           !has_any(name, {"PSK", "SRP", "KRB5", "SCSV"});
}

template <class Wanted>
Codes selected(Codes const& codes, Wanted wanted) {
    Codes out;
    std::ranges::copy_if(codes, std::back_inserter(out), [&](std::uint16_t code) {
        return wanted(iana::name_of(iana::cipher_suites(), code));
    });
    return out;
}

} // namespace

Codes cipher_suites(std::uint16_t version) {
    auto suites = PlainHello::all_suites();
    for (auto const& row : iana::cipher_suites())
        if (std::ranges::find(suites, row.code) == suites.end()) suites.push_back(row.code);
    return selected(suites, [=](std::string_view name) { return is_asked_in(version, name); });
}

std::vector<Codes> in_parts(Codes const& suites) {
    std::vector<Codes> parts;
    for (std::size_t at = 0; at < suites.size(); at += most_in_part) {
        auto const begin = suites.begin() + static_cast<std::ptrdiff_t>(at);
        auto const length = std::min(most_in_part, suites.size() - at);
        parts.emplace_back(begin, begin + static_cast<std::ptrdiff_t>(length));
    }
    return parts;
}

Codes groups() {
    Codes groups{0x11ec, 0x11eb, 0x11ed, 0x001d, 0x0017, 0x0018, 0x0019, 0x001e};
    for (auto const& row : iana::named_groups())
        if (row.code < 0xff00 && std::ranges::find(groups, row.code) == groups.end())
            groups.push_back(row.code);
    return groups;
}

Codes curves() {
    auto curves = groups();
    std::erase_if(curves, [](std::uint16_t code) { return code >= 0x0100; });
    return curves;
}

Codes signature_algorithms() {
    auto schemes = PlainHello::all_signature_algorithms();
    for (auto const& row : iana::signature_schemes())
        if (std::ranges::find(schemes, row.code) == schemes.end()) schemes.push_back(row.code);
    return schemes;
}

Codes with_ecdhe(Codes const& accepted) {
    auto of_rsa =
        selected(accepted, [](std::string_view name) { return name.starts_with("TLS_ECDHE_RSA_"); });
    if (!of_rsa.empty()) return of_rsa;
    return selected(accepted, [](std::string_view name) {
        return has_any(name, {"TLS_ECDHE_", "TLS_ECDH_anon"});
    });
}

Codes with_dhe(Codes const& accepted) {
    return selected(accepted, [](std::string_view name) {
        return has_any(name, {"TLS_DHE_", "TLS_DH_anon"});
    });
}

Codes signed_ones(Codes const& accepted) {
    return selected(accepted, [](std::string_view name) {
        return has_any(name, {"TLS_ECDHE_", "TLS_DHE_"});
    });
}

Codes shared_groups(Codes const& accepted) {
    constexpr std::uint16_t ours[] = {0x001d, 0x0017, 0x0018, 0x0019, 0x001e};
    Codes out;
    std::ranges::copy_if(accepted, std::back_inserter(out),
                         [&](std::uint16_t code) { return std::ranges::find(ours, code) != std::end(ours); });
    if (out.size() > 1) out.resize(1);
    return out;
}

} // namespace alert40::diagnose::offers
