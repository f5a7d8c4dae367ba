#include "tls/ca/leaf_mint.hpp"

#include "tls/ca/certificate.hpp"
#include "tls/engine/certificate_summary.hpp"
#include "tls/engine/identity_state.hpp"
#include "tls/engine/lean_library.hpp"

#include <algorithm>
#include <new>

namespace alert40::tls::ca {
namespace {

constexpr std::size_t max_common_name = 64; // RFC 5280 appendix A.1: ub-common-name

std::string subject_of(X509 const* certificate) {
    unsigned char const* bytes = nullptr;
    std::size_t size = 0;
    if (X509_NAME_get0_der(X509_get_subject_name(certificate), &bytes, &size) != 1) throw std::bad_alloc{};
    return {reinterpret_cast<char const*>(bytes), size};
}

/// An authority of another maker may have none.
std::string issuer_identifier(X509* authority) {
    auto const* const id = X509_get0_subject_key_id(authority);
    if (!id) return {};
    return authority_key_identifier({reinterpret_cast<char const*>(ASN1_STRING_get0_data(id)),
                                     static_cast<std::size_t>(ASN1_STRING_length(id))});
}

/// RFC 5280 section 4.2.1.10
bool is_outside(X509* leaf, NAME_CONSTRAINTS* constraints) {
    X509_get_extension_flags(leaf); // looks at the names, which the check then finds
    return NAME_CONSTRAINTS_check(leaf, constraints) != X509_V_OK;
}

template <class Handle>
Handle shared(Handle const& handle, int (*up_ref)(typename Handle::pointer)) {
    if (up_ref(handle.get()) != 1) throw std::bad_alloc{};
    return Handle(handle.get());
}

engine::ChainPtr chain_of(engine::CertificatePtr const& authority) {
    engine::ChainPtr chain(sk_X509_new_null());
    if (!chain || sk_X509_push(chain.get(), authority.get()) != 1) throw std::bad_alloc{};
    X509_up_ref(authority.get());
    return chain;
}

} // namespace

LeafMint::LeafMint(engine::CertificatePtr authority, engine::KeyPtr key)
    : authority_(std::move(authority))
    , authority_key_(std::move(key))
    , leaf_key_(make_key(engine::lean_library()))
    , constraints_(static_cast<NAME_CONSTRAINTS*>(
          X509_get_ext_d2i(authority_.get(), NID_name_constraints, nullptr, nullptr)))
    , authority_summary_{engine::summarize(authority_.get())}
    , issuer_(subject_of(authority_.get()))
    , not_before_(engine::seconds_of(X509_get0_notBefore(authority_.get())).value_or(0))
    , not_after_(engine::seconds_of(X509_get0_notAfter(authority_.get())).value_or(0)) {
    if (!leaf_key_) throw std::bad_alloc{};
    public_key_ = public_key_of(leaf_key_.get());
    extensions_ = leaf_usages() + subject_key_identifier(key_identifier(public_key_)) +
                  issuer_identifier(authority_.get());
}

boost::system::result<Leaf, std::string> LeafMint::mint(HostName const& host, std::time_t now) const {
    if (now < not_before_) return std::string("the authority's certificate is not valid yet");
    if (now >= not_after_)
        return "the authority's certificate expired on " + authority_summary_.front().not_after;
    auto const has_common_name = host.text.size() <= max_common_name;
    CertificateFields fields;
    fields.issuer = issuer_;
    fields.subject = name_with_common_name(has_common_name ? host.text : "");
    fields.not_before = std::max(now - backdated, not_before_);
    fields.not_after = std::min(now + lifetime, not_after_);
    fields.public_key = public_key_;
    fields.extensions = extensions_ + subject_alternative_name(host.general_name, !has_common_name);
    auto certificate = sign(fields, authority_key_.get());
    if (!certificate) throw std::bad_alloc{};
    if (constraints_ && is_outside(certificate.get(), constraints_.get()))
        return "\"" + host.text + "\" is outside of what the authority is limited to";

    // One that ends with the authority cannot be made to last longer.
    auto const renew_at = fields.not_after == not_after_ ? not_after_ : fields.not_after - renewed_before_end;
    return Leaf{engine::make_identity(std::move(certificate), chain_of(authority_),
                                      shared(leaf_key_, EVP_PKEY_up_ref), authority_summary_),
                renew_at};
}

} // namespace alert40::tls::ca
