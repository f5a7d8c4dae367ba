#include "tls/engine/certificate_summary.hpp"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <string_view>

namespace alert40::tls::engine {
namespace {

struct GroupName {
    std::string_view openssl;
    std::string_view common;
};

constexpr std::array group_names = {
    GroupName{"prime256v1", "P-256"},
    GroupName{"secp384r1", "P-384"},
    GroupName{"secp521r1", "P-521"},
};

/// "EC P-256", "RSA 2048", "ED25519"
std::string key_text(X509 const* certificate) {
    auto const* key = X509_get0_pubkey(certificate);
    if (!key) return "unknown";
    std::string text = EVP_PKEY_get0_type_name(key);
    if (text == "EC") {
        std::array<char, 64> group{};
        if (EVP_PKEY_get_group_name(key, group.data(), group.size(), nullptr) != 1) return text;
        auto const* known =
            std::ranges::find(group_names, std::string_view(group.data()), &GroupName::openssl);
        text += ' ';
        text += known == group_names.end() ? std::string_view(group.data()) : known->common;
    } else if (text.starts_with("RSA") || text == "DSA") {
        text += ' ' + std::to_string(EVP_PKEY_get_bits(key));
    }
    return text;
}

/// RFC 3339
std::string time_text(ASN1_TIME const* time) {
    std::tm parts{};
    if (ASN1_TIME_to_tm(time, &parts) != 1) return {};
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02dZ", parts.tm_year + 1900,
                  parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec);
    return text.data();
}

/// Bytes from a certificate as text: what is not printable ASCII is shown as "\x01", so that a record is
/// valid UTF-8.
std::string printable(std::string_view bytes) {
    std::string text;
    for (auto const character : bytes) {
        if (character >= 0x20 && character < 0x7f) {
            text += character;
        } else {
            std::array<char, 5> escaped{};
            std::snprintf(escaped.data(), escaped.size(), "\\x%02x", static_cast<unsigned char>(character));
            text += escaped.data();
        }
    }
    return text;
}

std::string name_text(GENERAL_NAME const* name) {
    auto const bytes_of = [](ASN1_STRING const* string) {
        return std::string_view(reinterpret_cast<char const*>(ASN1_STRING_get0_data(string)),
                                static_cast<std::size_t>(ASN1_STRING_length(string)));
    };
    if (name->type == GEN_DNS) return printable(bytes_of(name->d.dNSName));
    if (name->type != GEN_IPADD) return {};
    auto const address = bytes_of(name->d.iPAddress);
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (address.size() != 4 && address.size() != 16) return {};
    inet_ntop(address.size() == 4 ? AF_INET : AF_INET6, address.data(), text.data(), text.size());
    return text.data();
}

std::string signature_text(X509 const* certificate) {
    auto const nid = X509_get_signature_nid(certificate);
    return nid == NID_undef ? "unknown" : OBJ_nid2ln(nid);
}

} // namespace

std::string text_of(X509_NAME const* name) {
    BioPtr const memory(BIO_new(BIO_s_mem()));
    if (!memory || X509_NAME_print_ex(memory.get(), name, 0,
                                      XN_FLAG_ONELINE & ~XN_FLAG_SPC_EQ & ~ASN1_STRFLGS_ESC_MSB) < 0)
        return {};
    char* text = nullptr;
    auto const size = BIO_get_mem_data(memory.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

std::vector<std::string> names_in(X509 const* certificate) {
    std::vector<std::string> names;
    auto* const sequence =
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr));
    for (int i = 0; i < std::min(sk_GENERAL_NAME_num(sequence), max_described_names); ++i)
        if (auto text = name_text(sk_GENERAL_NAME_value(sequence, i)); !text.empty())
            names.push_back(std::move(text));
    GENERAL_NAMES_free(sequence);
    return names;
}

std::optional<std::time_t> seconds_of(ASN1_TIME const* time) {
    std::tm parts{};
    if (ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
    return timegm(&parts);
}

CertificateSummary summarize(X509 const* certificate) {
    return {
        .subject = text_of(X509_get_subject_name(certificate)),
        .issuer = text_of(X509_get_issuer_name(certificate)),
        .names = names_in(certificate),
        .not_before = time_text(X509_get0_notBefore(certificate)),
        .not_after = time_text(X509_get0_notAfter(certificate)),
        .key = key_text(certificate),
        .signature = signature_text(certificate),
    };
}

std::vector<CertificateSummary> summarize(STACK_OF(X509) const* chain) {
    std::vector<CertificateSummary> summaries;
    ERR_set_mark();
    for (int i = 0; i < std::min(sk_X509_num(chain), max_described_certificates); ++i)
        summaries.push_back(summarize(sk_X509_value(chain, i)));
    ERR_pop_to_mark(); // a field that cannot be read is no error of the handshake
    return summaries;
}

} // namespace alert40::tls::engine
