#include "tls/ca/certificate.hpp"

#include "tls/ca/der.hpp"
#include "tls/engine/digest.hpp"
#include "tls/engine/lean_library.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <bit>

namespace alert40::tls::ca {
namespace {

using der::Tag;

std::string oid(std::string_view content) {
    return der::value(Tag::oid, content);
}

// RFC 5280 appendix A, RFC 5480 section 2.1.1, RFC 5758 section 3.2, RFC 3279 section 2.2.3, RFC 8017
// appendix A.1 and A.2.4
constexpr std::string_view common_name = "\x55\x04\x03";
constexpr std::string_view server_auth = "\x2b\x06\x01\x05\x05\x07\x03\x01";
constexpr std::string_view ec_public_key = "\x2a\x86\x48\xce\x3d\x02\x01";
constexpr std::string_view p256 = "\x2a\x86\x48\xce\x3d\x03\x01\x07";
constexpr std::string_view ecdsa_with_sha256 = "\x2a\x86\x48\xce\x3d\x04\x03\x02";
constexpr std::string_view ecdsa_with_sha1 = "\x2a\x86\x48\xce\x3d\x04\x01";
constexpr std::string_view rsa_encryption = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01";
constexpr std::string_view rsa_with_sha1 = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x05";
constexpr std::string_view rsa_with_sha256 = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b";

/// id-ce, and its last arc
enum class Extension : char {
    subject_key_identifier = 14,
    key_usage = 15,
    subject_alternative_name = 17,
    basic_constraints = 19,
    name_constraints = 30,
    authority_key_identifier = 35,
    extended_key_usage = 37,
};

constexpr bool critical = true;

std::string boolean_true() {
    return der::value(Tag::boolean, "\xff");
}

std::string extension(Extension which, bool is_critical, std::string_view content) {
    std::string const id{'\x55', '\x1d', static_cast<char>(which)};
    return der::sequence(oid(id), is_critical ? boolean_true() : "", der::value(Tag::octet_string, content));
}

/// The bits of KeyUsage, counted from the left.
enum Usage : std::uint8_t { digital_signature = 0x80, key_encipherment = 0x20, key_cert_sign = 0x04 };

std::string key_usage(std::uint8_t bits) {
    std::string const content{static_cast<char>(std::countr_zero(bits)), static_cast<char>(bits)};
    return extension(Extension::key_usage, critical, der::value(Tag::bit_string, content));
}

std::string for_servers() {
    return extension(Extension::extended_key_usage, !critical, der::sequence(oid(server_auth)));
}

std::string subtrees(std::uint8_t number, std::vector<std::string> const& names) {
    if (names.empty()) return {};
    std::string content;
    for (auto const& name : names)
        content += der::sequence(name);
    return der::value(der::constructed_context(number), content);
}

struct SignatureAlgorithm {
    std::string_view key;
    Digest digest;
    std::string_view oid;
    bool has_null; ///< as its parameters
};

constexpr std::array signature_algorithms = {
    SignatureAlgorithm{"EC", Digest::sha256, ecdsa_with_sha256, false},
    SignatureAlgorithm{"EC", Digest::sha1, ecdsa_with_sha1, false},
    SignatureAlgorithm{"RSA", Digest::sha256, rsa_with_sha256, true},
    SignatureAlgorithm{"RSA", Digest::sha1, rsa_with_sha1, true},
};

constexpr std::string_view null = {"\x05\x00", 2};

bool is_rsa(EVP_PKEY const* key) {
    return EVP_PKEY_get0_type_name(key) == std::string_view("RSA");
}

std::string algorithm_identifier(EVP_PKEY const* key, Digest digest) {
    std::string_view const type = EVP_PKEY_get0_type_name(key);
    for (auto const& row : signature_algorithms)
        if (row.key == type && row.digest == digest)
            return der::sequence(oid(row.oid), row.has_null ? null : "");
    return {};
}

/// UTCTime up to 2049, GeneralizedTime from then on (RFC 5280 section 4.1.2.5).
std::string time(std::time_t seconds) {
    std::unique_ptr<ASN1_TIME, engine::Freed<ASN1_STRING_free>> const made(ASN1_TIME_set(nullptr, seconds));
    if (!made) return {};
    auto const tag = Tag{static_cast<std::uint8_t>(ASN1_STRING_type(made.get()))};
    return der::value(tag, {reinterpret_cast<char const*>(ASN1_STRING_get0_data(made.get())),
                            static_cast<std::size_t>(ASN1_STRING_length(made.get()))});
}

/// 128 bits at random, positive and in the shortest form: the first byte is 0x40 to 0x7f.
std::string random_serial() {
    std::array<unsigned char, 17> bytes{};
    if (RAND_bytes(bytes.data(), bytes.size()) != 1) return {};
    bytes[0] = static_cast<unsigned char>((bytes[0] & 0x3f) | 0x40);
    return der::value(Tag::integer, {reinterpret_cast<char const*>(bytes.data()), bytes.size()});
}

std::string signature(std::string_view text, EVP_PKEY* key, Digest digest) {
    std::unique_ptr<EVP_MD_CTX, engine::Freed<EVP_MD_CTX_free>> const signer(EVP_MD_CTX_new());
    auto const* const bytes = reinterpret_cast<unsigned char const*>(text.data());
    std::size_t size = static_cast<std::size_t>(EVP_PKEY_get_size(key));
    std::string out(size, '\0');
    if (!signer ||
        EVP_DigestSignInit_ex(signer.get(), nullptr, digest == Digest::sha1 ? "SHA1" : "SHA256",
                              engine::lean_library(), nullptr, key, nullptr) != 1 ||
        EVP_DigestSign(signer.get(), reinterpret_cast<unsigned char*>(out.data()), &size, bytes,
                       text.size()) != 1)
        return {};
    out.resize(size);
    return out;
}

/// One of the numbers of a key; positive.
std::string integer(EVP_PKEY const* key, char const* which) {
    BIGNUM* read = nullptr;
    if (EVP_PKEY_get_bn_param(key, which, &read) != 1) return {};
    std::unique_ptr<BIGNUM, engine::Freed<BN_free>> const number(read);
    auto const size = BN_num_bits(read) / 8 + 1; // with a zero in front where the first bit is set
    std::string bytes(static_cast<std::size_t>(size), '\0');
    BN_bn2binpad(read, reinterpret_cast<unsigned char*>(bytes.data()), size);
    return der::value(Tag::integer, bytes);
}

/// RFC 5480 section 2
std::string ec_public_key_of(EVP_PKEY const* key) {
    std::array<unsigned char, 65> point{}; // uncompressed
    std::size_t size = 0;
    if (EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size(), &size) != 1)
        return {};
    return der::sequence(der::sequence(oid(ec_public_key), oid(p256)),
                         der::bit_string({reinterpret_cast<char const*>(point.data()), size}));
}

/// RFC 3279 section 2.3.1
std::string rsa_public_key_of(EVP_PKEY const* key) {
    auto const numbers =
        der::sequence(integer(key, OSSL_PKEY_PARAM_RSA_N), integer(key, OSSL_PKEY_PARAM_RSA_E));
    return der::sequence(der::sequence(oid(rsa_encryption), null), der::bit_string(numbers));
}

constexpr std::size_t max_common_name = 64; // RFC 5280 appendix A.1: ub-common-name

} // namespace

engine::KeyPtr make_key(OSSL_LIB_CTX* library, KeyKind kind) {
    if (kind == KeyKind::ec_p256) return engine::KeyPtr(EVP_PKEY_Q_keygen(library, nullptr, "EC", "P-256"));
    std::size_t const bits = kind == KeyKind::rsa_1024 ? 1024 : 2048;
    return engine::KeyPtr(EVP_PKEY_Q_keygen(library, nullptr, "RSA", bits));
}

std::string public_key_of(EVP_PKEY const* key) {
    return is_rsa(key) ? rsa_public_key_of(key) : ec_public_key_of(key);
}

std::string key_identifier(std::string_view public_key) {
    auto const digest =
        engine::sha256({reinterpret_cast<std::uint8_t const*>(public_key.data()), public_key.size()});
    if (!digest) return {};
    return {reinterpret_cast<char const*>(digest->data()), 20};
}

std::string name_with_common_name(std::string_view text) {
    if (text.empty()) return der::sequence();
    return der::sequence(
        der::value(Tag::set, der::sequence(oid(common_name), der::value(Tag::utf8_string, text))));
}

std::string subject_key_identifier(std::string_view id) {
    return extension(Extension::subject_key_identifier, !critical, der::value(Tag::octet_string, id));
}

std::string authority_key_identifier(std::string_view id) {
    return extension(Extension::authority_key_identifier, !critical,
                     der::sequence(der::value(der::context(0), id)));
}

std::string subject_alternative_name(std::string_view general_name, bool is_critical) {
    return extension(Extension::subject_alternative_name, is_critical, der::sequence(general_name));
}

std::string leaf_usages(EVP_PKEY const* key) {
    return key_usage(is_rsa(key) ? digital_signature | key_encipherment : digital_signature) + for_servers();
}

std::string authority_usages() {
    auto const no_path = der::value(Tag::integer, std::string_view("\0", 1));
    return extension(Extension::basic_constraints, critical, der::sequence(boolean_true(), no_path)) +
           key_usage(key_cert_sign) + for_servers();
}

std::string name_constraints(std::vector<std::string> const& permitted,
                             std::vector<std::string> const& excluded) {
    return extension(Extension::name_constraints, critical,
                     der::sequence(subtrees(0, permitted), subtrees(1, excluded)));
}

void name_leaf(CertificateFields& fields, HostName const& host) {
    auto const has_common_name = host.text.size() <= max_common_name;
    fields.subject = name_with_common_name(has_common_name ? host.text : "");
    fields.extensions += subject_alternative_name(host.general_name, !has_common_name);
}

std::optional<std::string> cannot_sign(EVP_PKEY const* key) {
    if (!algorithm_identifier(key, Digest::sha256).empty()) return std::nullopt;
    return "a key of type " + std::string(EVP_PKEY_get0_type_name(key)) + " is neither EC nor RSA";
}

engine::CertificatePtr sign(CertificateFields const& fields, EVP_PKEY* key, Digest digest) {
    auto const version3 = der::value(der::constructed_context(0), der::value(Tag::integer, "\x02"));
    auto const algorithm = algorithm_identifier(key, digest);
    auto const to_be_signed = der::sequence(
        version3, random_serial(), algorithm, fields.issuer,
        der::sequence(time(fields.not_before), time(fields.not_after)), fields.subject, fields.public_key,
        der::value(der::constructed_context(3), der::sequence(fields.extensions)));
    auto const whole =
        der::sequence(to_be_signed, algorithm, der::bit_string(signature(to_be_signed, key, digest)));

    engine::CertificatePtr made(X509_new_ex(engine::lean_library(), nullptr));
    auto* certificate = made.get();
    auto const* bytes = reinterpret_cast<unsigned char const*>(whole.data());
    if (!made || !d2i_X509(&certificate, &bytes, static_cast<long>(whole.size()))) {
        if (!certificate) made.release(); // OpenSSL frees what it could not fill
        return nullptr;
    }
    return made;
}

} // namespace alert40::tls::ca
