#include "tls/ca/leaf_mint.hpp"

#include "tls/ca/certificate.hpp"
#include "tls/engine/certificate_summary.hpp"
#include "tls/engine/identity_state.hpp"

#include <algorithm>
#include <new>

namespace alert40::tls::ca {
namespace {

/// RFC 5280 section 4.2.1.10
bool is_outside(X509* leaf, NAME_CONSTRAINTS* constraints) {
    X509_get_extension_flags(leaf); // looks at the names, which the check then finds
    return NAME_CONSTRAINTS_check(leaf, constraints) != X509_V_OK;
}

} // namespace

LeafMint::LeafMint(Issuer const& authority, engine::KeyPtr key)
    : authority_(authority)
    , key_(std::move(key))
    , constraints_(static_cast<NAME_CONSTRAINTS*>(
          X509_get_ext_d2i(authority.certificate.get(), NID_name_constraints, nullptr, nullptr)))
    , authority_summary_{engine::summarize(authority.certificate.get())}
    , not_before_(engine::seconds_of(X509_get0_notBefore(authority.certificate.get())).value_or(0))
    , not_after_(engine::seconds_of(X509_get0_notAfter(authority.certificate.get())).value_or(0)) {
    if (!key_) throw std::bad_alloc{};
    public_key_ = public_key_of(key_.get());
    extensions_ =
        leaf_usages(key_.get()) + subject_key_identifier(key_identifier(public_key_)) + authority.identifier;
}

boost::system::result<Leaf, std::string> LeafMint::mint(HostName const& host, std::time_t now) const {
    if (now < not_before_) return std::string("the authority's certificate is not valid yet");
    if (now >= not_after_)
        return "the authority's certificate expired on " + authority_summary_.front().not_after;
    CertificateFields fields;
    fields.issuer = authority_.name;
    fields.not_before = std::max(now - backdated, not_before_);
    fields.not_after = std::min(now + lifetime, not_after_);
    fields.public_key = public_key_;
    fields.extensions = extensions_;
    name_leaf(fields, host);
    auto certificate = sign(fields, authority_.key.get());
    if (!certificate || EVP_PKEY_up_ref(key_.get()) != 1) throw std::bad_alloc{};
    engine::KeyPtr key(key_.get());
    if (constraints_ && is_outside(certificate.get(), constraints_.get()))
        return "\"" + host.text + "\" is outside of what the authority is limited to";

    // One that ends with the authority cannot be made to last longer.
    auto const renew_at = fields.not_after == not_after_ ? not_after_ : fields.not_after - renewed_before_end;
    return Leaf{engine::make_identity(std::move(certificate), chain_of({&authority_}), std::move(key),
                                      authority_summary_),
                renew_at};
}

} // namespace alert40::tls::ca
