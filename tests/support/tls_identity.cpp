#include "support/tls_identity.hpp"

#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <unistd.h>

#include <atomic>
#include <fstream>
#include <stdexcept>

namespace alert40::test {
namespace {

void require(bool done, char const* what) {
    if (!done) throw std::runtime_error(what);
}

EVP_PKEY* new_rsa_pss_key() {
    std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> const generator(
        EVP_PKEY_CTX_new_from_name(nullptr, "RSA-PSS", nullptr), EVP_PKEY_CTX_free);
    EVP_PKEY* key = nullptr;
    require(EVP_PKEY_keygen_init(generator.get()) == 1, "no generator");
    EVP_PKEY_generate(generator.get(), &key);
    return key;
}

EVP_PKEY* new_key(KeyKind kind) {
    switch (kind) {
    case KeyKind::ec_p256: return EVP_EC_gen("P-256");
    case KeyKind::rsa_2048: return EVP_RSA_gen(2048u);
    case KeyKind::rsa_1024: return EVP_RSA_gen(1024u);
    case KeyKind::rsa_pss: return new_rsa_pss_key();
    case KeyKind::ed25519: return EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
    case KeyKind::ed448: return EVP_PKEY_Q_keygen(nullptr, nullptr, "ED448");
    }
    return nullptr;
}

std::shared_ptr<EVP_PKEY> make_key(KeyKind kind) {
    auto* const key = new_key(kind);
    require(key, "no key");
    return {key, EVP_PKEY_free};
}

void add_extension(X509* certificate, X509* issuer, int nid, std::string const& value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    auto* const extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
    require(extension, "no extension");
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

template <class Write>
std::string pem_of(Write write) {
    std::unique_ptr<BIO, decltype(&BIO_free)> const memory(BIO_new(BIO_s_mem()), BIO_free);
    require(write(memory.get()) == 1, "no PEM");
    char* text = nullptr;
    auto const size = BIO_get_mem_data(memory.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

} // namespace

std::string Identity::certificate_pem() const {
    return pem_of([&](BIO* out) { return PEM_write_bio_X509(out, certificate.get()); });
}

std::string Identity::key_pem() const {
    return pem_of([&](BIO* out) {
        return PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    });
}

Identity make_identity(IdentityOptions const& options, Identity const* issuer) {
    static std::atomic<long> serial{1};
    Identity made{{X509_new(), X509_free}, make_key(options.key), issuer ? issuer->certificate : nullptr};
    auto* const certificate = made.certificate.get();
    auto* const signer = issuer ? issuer->certificate.get() : certificate;

    X509_set_version(certificate, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial++);
    X509_gmtime_adj(X509_getm_notBefore(certificate), options.not_before.count());
    X509_gmtime_adj(X509_getm_notAfter(certificate), options.not_after.count());
    X509_set_pubkey(certificate, made.key.get());
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC,
                               reinterpret_cast<unsigned char const*>(options.common_name.c_str()), -1, -1,
                               0);
    X509_set_issuer_name(certificate, X509_get_subject_name(signer));
    if (options.authority) add_extension(certificate, signer, NID_basic_constraints, "critical,CA:TRUE");
    add_extension(certificate, signer, NID_subject_key_identifier, "hash");
    if (!options.names.empty()) add_extension(certificate, signer, NID_subject_alt_name, options.names);
    auto* const signing_key = issuer ? issuer->key.get() : made.key.get();
    require(X509_sign(certificate, signing_key, EVP_get_digestbyname(options.digest)) > 0, "not signed");
    return made;
}

Identity make_authority(std::string common_name) {
    return make_identity({.common_name = std::move(common_name), .names = "", .authority = true});
}

TemporaryFile::TemporaryFile(std::string_view content) {
    auto name = (std::filesystem::temp_directory_path() / "alert40-test-XXXXXX").string();
    auto const fd = mkstemp(name.data());
    require(fd >= 0, "no temporary file");
    ::close(fd);
    path_ = name;
    std::ofstream(path_) << content;
}

TemporaryFile::~TemporaryFile() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
}

} // namespace alert40::test
