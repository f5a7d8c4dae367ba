#include "tls/engine/summarize_der.hpp"

#include "tls/engine/certificate_summary.hpp"
#include "tls/engine/openssl_handles.hpp"

#include <openssl/err.h>
#include <openssl/x509.h>

#include <algorithm>
#include <memory>

namespace alert40::tls::engine {
namespace {

using CertificatePtr = std::unique_ptr<X509, Freed<X509_free>>;

} // namespace

std::vector<CertificateSummary> summarize_der(std::span<std::span<std::uint8_t const> const> chain) {
    std::vector<CertificateSummary> summaries;
    ERR_set_mark();
    for (auto const der : chain.first(std::min<std::size_t>(chain.size(), max_described_certificates))) {
        auto const* at = der.data();
        CertificatePtr const certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
        summaries.push_back(certificate ? summarize(certificate.get()) : CertificateSummary{});
    }
    ERR_pop_to_mark(); // hostile bytes are no error of ours
    return summaries;
}

} // namespace alert40::tls::engine
