#include "tls/engine/identity.hpp"

#include "tls/engine/certificate_summary.hpp"
#include "tls/engine/identity_state.hpp"
#include "tls/engine/lean_library.hpp"
#include "tls/engine/openssl_error.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <new>

namespace alert40::tls::engine {
namespace {

constexpr int max_certificates = 10;

/// There is nobody to ask for a passphrase.
int no_passphrase(char*, int, int, void*) {
    return 0;
}

BioPtr reader(std::string_view text) {
    return BioPtr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

/// The next certificate of the PEM text; null at its end, and where it is damaged.
CertificatePtr next_certificate(BIO* in) {
    CertificatePtr made(X509_new_ex(lean_library(), nullptr));
    auto* certificate = made.get();
    if (!made || !PEM_read_bio_X509(in, &certificate, no_passphrase, nullptr)) {
        if (!certificate) made.release(); // OpenSSL frees what it could not fill
        return nullptr;
    }
    return made;
}

} // namespace

KeyPtr key_from_pem(std::string_view text) {
    auto const in = reader(text);
    KeyPtr const read(PEM_read_bio_PrivateKey(in.get(), nullptr, no_passphrase, nullptr));
    if (!read) return nullptr;
    if (!lean_library()) return KeyPtr(EVP_PKEY_up_ref(read.get()) == 1 ? read.get() : nullptr);

    // The lean library cannot decode keys, but takes them over.
    OSSL_PARAM* parts = nullptr;
    EVP_PKEY* key = nullptr;
    std::unique_ptr<EVP_PKEY_CTX, Freed<EVP_PKEY_CTX_free>> const maker(
        EVP_PKEY_CTX_new_from_name(lean_library(), EVP_PKEY_get0_type_name(read.get()), nullptr));
    if (maker && EVP_PKEY_todata(read.get(), EVP_PKEY_KEYPAIR, &parts) == 1 &&
        EVP_PKEY_fromdata_init(maker.get()) == 1)
        EVP_PKEY_fromdata(maker.get(), &key, EVP_PKEY_KEYPAIR, parts);
    OSSL_PARAM_free(parts);
    return KeyPtr(key);
}

CertificatePtr certificate_from_pem(std::string_view text) {
    return next_certificate(reader(text).get());
}

std::shared_ptr<Identity const> make_identity(CertificatePtr leaf, ChainPtr issuers, KeyPtr key,
                                              CertificateSummaries const& issuer_summaries) {
    auto state = std::make_unique<Identity::State>();
    state->summaries.push_back(summarize(leaf.get()));
    state->summaries.insert(state->summaries.end(), issuer_summaries.begin(), issuer_summaries.end());
    unsigned size = 0;
    if (X509_digest(leaf.get(), EVP_sha256(), state->id.data(), &size) != 1) throw std::bad_alloc{};
    state->leaf = std::move(leaf);
    state->issuers = std::move(issuers);
    state->key = std::move(key);
    return std::make_shared<Identity const>(std::move(state));
}

boost::system::result<std::shared_ptr<Identity const>, std::string> Identity::from_pem(std::string_view chain,
                                                                                       std::string_view key) {
    using Error = std::string;
    auto const in = reader(chain);
    auto leaf = next_certificate(in.get());
    if (!leaf) return Error("no certificate in PEM: " + take_openssl_error());
    ChainPtr issuers(sk_X509_new_null());
    while (sk_X509_num(issuers.get()) < max_certificates)
        if (auto issuer = next_certificate(in.get()); issuer)
            sk_X509_push(issuers.get(), issuer.release());
        else
            break;
    if (auto const last = ERR_peek_last_error(); last && ERR_GET_REASON(last) != PEM_R_NO_START_LINE)
        return Error("a certificate behind the first is damaged: " + take_openssl_error());
    ERR_clear_error();

    auto private_key = key_from_pem(key);
    if (!private_key) return Error("no private key in PEM that can be read: " + take_openssl_error());
    if (X509_check_private_key(leaf.get(), private_key.get()) != 1)
        return Error("the key is not that of the certificate: " + take_openssl_error());
    auto const summaries = summarize(issuers.get());
    return make_identity(std::move(leaf), std::move(issuers), std::move(private_key), summaries);
}

Identity::Identity(std::unique_ptr<State const> state)
    : state_(std::move(state)) {}

Identity::~Identity() = default;

} // namespace alert40::tls::engine
