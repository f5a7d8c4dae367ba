#include "diagnose/inventory/certificate_flaws.hpp"

#include "record/printable.hpp"
#include "record/timestamp.hpp"
#include "text/joined.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

namespace alert40::diagnose {
namespace {

using tls::CertificateSummary;

bool equal_names(std::string_view a, std::string_view b) {
    auto const lower = [](unsigned char c) { return std::tolower(c); };
    return std::ranges::equal(a, b, {}, lower, lower);
}

/// RFC 9525 section 6.3: a wildcard stands for one whole label, the first.
bool covers(std::string_view name, std::string_view host) {
    if (!name.starts_with("*.")) return equal_names(name, host);
    auto const dot = host.find('.');
    return dot != host.npos && dot > 0 && equal_names(name.substr(1), host.substr(dot));
}

struct KeySize {
    std::string_view algorithm; ///< "RSA 2048"
    unsigned least_bits;
};

constexpr KeySize key_sizes[] = {{"RSA ", 2048}, {"DSA ", 2048}};

bool has_weak_key(CertificateSummary const& certificate) {
    return std::ranges::any_of(key_sizes, [&](KeySize const& row) {
        if (!certificate.key.starts_with(row.algorithm)) return false;
        auto const digits = std::string_view(certificate.key).substr(row.algorithm.size());
        unsigned bits = 0;
        std::from_chars(digits.data(), digits.data() + digits.size(), bits);
        return bits < row.least_bits;
    });
}

bool has_weak_signature(CertificateSummary const& certificate) {
    std::string name = certificate.signature;
    std::ranges::transform(name, name.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return std::ranges::any_of(std::array{"sha1", "md5", "md4", "md2"},
                               [&](std::string_view digest) { return name.find(digest) != name.npos; });
}

bool signs_itself(CertificateSummary const& certificate) {
    return certificate.subject == certificate.issuer;
}

std::string place_of(std::size_t index, CertificateSummary const& certificate) {
    return index == 0 ? std::string("the server's own") : record::printable(certificate.subject, 100);
}

} // namespace

std::vector<std::string> certificate_flaws(std::vector<CertificateSummary> const& chain,
                                           std::string_view host, std::chrono::system_clock::time_point now) {
    std::vector<std::string> flaws;
    for (std::size_t i = 0; i < chain.size(); ++i) {
        auto const& one = chain[i];
        auto const say = [&](std::string const& flaw) { flaws.push_back(place_of(i, one) + ": " + flaw); };
        if (auto const end = record::parse_timestamp(one.not_after); end && *end < now)
            say("expired on " + one.not_after);
        if (auto const begin = record::parse_timestamp(one.not_before); begin && *begin > now)
            say("not valid before " + one.not_before);
        if (has_weak_key(one)) say("weak key, " + one.key);
        if (has_weak_signature(one) && !signs_itself(one)) say("weak signature, " + one.signature);
        if (i + 1 < chain.size() && one.issuer != chain[i + 1].subject)
            say("what follows in the chain is not its issuer, " + record::printable(one.issuer, 100));
    }
    if (chain.empty()) return flaws;
    auto const& names = chain.front().names;
    if (std::ranges::none_of(names, [&](auto const& name) { return covers(name, host); }))
        flaws.push_back("the server's own: not for " + std::string(host) + " but for " +
                        (names.empty() ? "nobody" : record::printable(text::joined(names), 200)));
    if (signs_itself(chain.front())) flaws.emplace_back("the server's own: signed by its own key");
    return flaws;
}

} // namespace alert40::diagnose
