#include "tls/ca/new_authority.hpp"

#include "tls/ca/certificate.hpp"
#include "tls/ca/der.hpp"
#include "tls/ca/host_name.hpp"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <bit>
#include <new>

namespace alert40::tls::ca {
namespace {

constexpr std::time_t day = 24 * 3600;
constexpr std::time_t lifetime = 3652 * day; // ten years
constexpr std::size_t max_machine = 30;      ///< of a subject of 64 bytes

/// "alert40 local authority (host 2026-11-23)"
std::string subject(std::string const& machine, std::time_t now) {
    std::tm utc{};
    gmtime_r(&now, &utc);
    std::array<char, 16> date{};
    std::strftime(date.data(), date.size(), "%Y-%m-%d", &utc);
    std::string host;
    for (auto const c : machine.substr(0, max_machine))
        if (c > 0x20 && c < 0x7f) host += c;
    return "alert40 local authority (" + (host.empty() ? "" : host + " ") + date.data() + ")";
}

template <class Write>
std::string pem_of(Write write) {
    engine::BioPtr const memory(BIO_new(BIO_s_mem()));
    if (!memory || write(memory.get()) != 1) throw std::bad_alloc{};
    char* text = nullptr;
    auto const size = BIO_get_mem_data(memory.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

/// An empty dNSName
std::string every_dns_name() {
    return der::value(der::context(2), "");
}

/// GeneralNames: two DNS names, two IPv4 or two IPv6 networks.
bool same_kind(std::string const& a, std::string const& b) {
    return a[0] == b[0] && (a[0] == every_dns_name()[0] || a.size() == b.size());
}

/// What is not permitted is excluded, kind by kind: the RFC leaves a kind alone of which nothing is said.
boost::system::result<std::string, std::string> limits(std::vector<std::string> const& permitted) {
    using Limits = boost::system::result<std::string, std::string>;
    if (permitted.empty()) return Limits(boost::system::in_place_value, "");
    std::vector<std::string> allowed, excluded;
    for (auto const& text : permitted) {
        auto constraint = parse_constraint(text);
        if (!constraint) return Limits(boost::system::in_place_error, constraint.error());
        allowed.push_back(std::move(constraint->general_name));
    }
    for (auto const& all : {parse_constraint("0.0.0.0/0")->general_name,
                            parse_constraint("::/0")->general_name, every_dns_name()})
        if (std::ranges::none_of(allowed, [&](auto const& name) { return same_kind(name, all); }))
            excluded.push_back(all);
    return Limits(boost::system::in_place_value, name_constraints(allowed, excluded));
}

/// Address and mask, each 4 or 16 bytes: "10.0.0.0/8".
std::string network_text(ASN1_OCTET_STRING const* bytes) {
    auto const* const data = ASN1_STRING_get0_data(bytes);
    auto const size = ASN1_STRING_length(bytes) / 2;
    std::array<char, INET6_ADDRSTRLEN> text{};
    if ((size != 4 && size != 16) ||
        !inet_ntop(size == 4 ? AF_INET : AF_INET6, data, text.data(), text.size()))
        return "?";
    int bits = 0;
    for (int i = size; i < 2 * size; ++i)
        bits += std::popcount(data[i]);
    return bits == size * 8 ? text.data() : text.data() + ("/" + std::to_string(bits));
}

} // namespace

boost::system::result<NewAuthority, std::string> make_authority(std::vector<std::string> const& permitted,
                                                                std::string const& machine, std::time_t now) {
    auto const limiting = limits(permitted);
    if (!limiting) return {boost::system::in_place_error, limiting.error()};
    auto const key = make_key(nullptr); // the lean library cannot write keys
    if (!key) throw std::bad_alloc{};
    CertificateFields fields;
    fields.issuer = fields.subject = name_with_common_name(subject(machine, now));
    fields.not_before = now - day;
    fields.not_after = now + lifetime;
    fields.public_key = public_key_of(key.get());
    auto const id = key_identifier(fields.public_key);
    fields.extensions =
        authority_usages() + subject_key_identifier(id) + authority_key_identifier(id) + *limiting;
    auto const certificate = sign(fields, key.get());
    if (!certificate) throw std::bad_alloc{};
    return NewAuthority{
        pem_of([&](BIO* out) { return PEM_write_bio_X509(out, certificate.get()); }), pem_of([&](BIO* out) {
            return PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
        })};
}

std::vector<std::string> permitted_names(X509 const* certificate) {
    std::unique_ptr<NAME_CONSTRAINTS, engine::Freed<NAME_CONSTRAINTS_free>> const constraints(
        static_cast<NAME_CONSTRAINTS*>(
            X509_get_ext_d2i(certificate, NID_name_constraints, nullptr, nullptr)));
    std::vector<std::string> names;
    if (!constraints) return names;
    for (int i = 0; i < sk_GENERAL_SUBTREE_num(constraints->permittedSubtrees); ++i) {
        int type = 0;
        auto const* const value = static_cast<ASN1_STRING const*>(GENERAL_NAME_get0_value(
            sk_GENERAL_SUBTREE_value(constraints->permittedSubtrees, i)->base, &type));
        if (type == GEN_DNS)
            names.emplace_back(reinterpret_cast<char const*>(ASN1_STRING_get0_data(value)),
                               static_cast<std::size_t>(ASN1_STRING_length(value)));
        else if (type == GEN_IPADD)
            names.push_back(network_text(value));
    }
    return names;
}

} // namespace alert40::tls::ca
