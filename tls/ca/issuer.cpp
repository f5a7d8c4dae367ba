#include "tls/ca/issuer.hpp"

#include "tls/ca/certificate.hpp"
#include "tls/engine/certificate_summary.hpp"
#include "tls/engine/lean_library.hpp"

#include <openssl/x509v3.h>

#include <new>

namespace alert40::tls::ca {
namespace {

std::string subject_of(X509 const* certificate) {
    unsigned char const* bytes = nullptr;
    std::size_t size = 0;
    if (X509_NAME_get0_der(X509_get_subject_name(certificate), &bytes, &size) != 1) throw std::bad_alloc{};
    return {reinterpret_cast<char const*>(bytes), size};
}

std::string identifier_of(X509* certificate) {
    auto const* const id = X509_get0_subject_key_id(certificate);
    if (!id) return {};
    return authority_key_identifier({reinterpret_cast<char const*>(ASN1_STRING_get0_data(id)),
                                     static_cast<std::size_t>(ASN1_STRING_length(id))});
}

} // namespace

Issuer::Issuer(engine::CertificatePtr its_certificate, engine::KeyPtr its_key)
    : certificate(std::move(its_certificate))
    , key(std::move(its_key))
    , name(subject_of(certificate.get()))
    , identifier(identifier_of(certificate.get())) {}

Issuer make_issuer(std::string const& common_name, Issuer const* signer, Issuer const& model) {
    auto key = make_key(engine::lean_library());
    if (!key) throw std::bad_alloc{};
    CertificateFields fields;
    fields.subject = name_with_common_name(common_name);
    fields.issuer = signer ? signer->name : fields.subject;
    fields.not_before = engine::seconds_of(X509_get0_notBefore(model.certificate.get())).value_or(0);
    fields.not_after = engine::seconds_of(X509_get0_notAfter(model.certificate.get())).value_or(0);
    fields.public_key = public_key_of(key.get());
    auto const id = key_identifier(fields.public_key);
    fields.extensions = authority_usages() + subject_key_identifier(id) +
                        (signer ? signer->identifier : authority_key_identifier(id));
    auto certificate = sign(fields, signer ? signer->key.get() : key.get());
    if (!certificate) throw std::bad_alloc{};
    return {std::move(certificate), std::move(key)};
}

engine::ChainPtr chain_of(std::initializer_list<Issuer const*> issuers) {
    engine::ChainPtr chain(sk_X509_new_null());
    if (!chain) throw std::bad_alloc{};
    for (auto const* issuer : issuers)
        if (X509_add_cert(chain.get(), issuer->certificate.get(), X509_ADD_FLAG_UP_REF) != 1)
            throw std::bad_alloc{};
    return chain;
}

} // namespace alert40::tls::ca
