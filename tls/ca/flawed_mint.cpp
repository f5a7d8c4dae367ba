#include "tls/ca/flawed_mint.hpp"

#include "tls/ca/certificate.hpp"
#include "tls/engine/certificate_summary.hpp"
#include "tls/engine/identity_state.hpp"
#include "tls/engine/lean_library.hpp"

#include <array>
#include <new>

namespace alert40::tls::ca {
namespace {

constexpr std::time_t day = LeafMint::day;
constexpr std::time_t renewed_after = day / 2; ///< tomorrow has to be ahead

enum class Signer : std::uint8_t { authority, itself, stranger, intermediate, lower };

struct Recipe {
    Flaw flaw;
    int from = -1; ///< days from now
    int until = 7;
    Signer signer = Signer::authority;
    bool small_key = false;
    Digest digest = Digest::sha256;
};

/// In the order of the enum. How many certificates make a chain too long differs by library (OpenSSL takes a
/// hundred); an intermediate below another that has a pathLenConstraint of 0 is one too many for all of them.
constexpr std::array recipes = {
    Recipe{.flaw = Flaw::expired, .from = -8, .until = -1},
    Recipe{.flaw = Flaw::not_yet_valid, .from = 1, .until = 8},
    Recipe{.flaw = Flaw::wrong_host},
    Recipe{.flaw = Flaw::self_signed, .signer = Signer::itself},
    Recipe{.flaw = Flaw::unknown_issuer, .signer = Signer::stranger},
    Recipe{.flaw = Flaw::missing_intermediate, .signer = Signer::intermediate},
    Recipe{.flaw = Flaw::sha1_signature, .digest = Digest::sha1},
    Recipe{.flaw = Flaw::rsa_1024, .small_key = true},
    Recipe{.flaw = Flaw::long_chain, .signer = Signer::lower},
};

constexpr bool are_in_order() {
    for (std::size_t i = 0; i < recipes.size(); ++i)
        if (recipes[i].flaw != Flaw{static_cast<std::uint8_t>(i)}) return false;
    return true;
}

static_assert(are_in_order());

} // namespace

FlawedMint::FlawedMint(Issuer const& authority)
    : authority_(authority)
    , stranger_(make_issuer("alert40 authority that nobody trusts", nullptr, authority))
    , intermediate_(make_issuer("alert40 intermediate", &authority, authority))
    , lower_(make_issuer("alert40 intermediate below its limit", &intermediate_, authority))
    , key_(make_key(engine::lean_library()))
    , small_key_(make_key(engine::lean_library(), KeyKind::rsa_1024)) {
    if (!key_ || !small_key_) throw std::bad_alloc{};
}

Leaf FlawedMint::mint(HostName const& host, Flaw flaw, std::time_t now) const {
    struct Signing {
        Issuer const* by; ///< null: the leaf itself
        engine::ChainPtr sent;
    };

    auto const& recipe = recipes[static_cast<std::size_t>(flaw)];
    auto signing = [&]() -> Signing {
        switch (recipe.signer) {
        case Signer::itself: return {nullptr, chain_of({})};
        case Signer::stranger: return {&stranger_, chain_of({&stranger_})};
        case Signer::intermediate: return {&intermediate_, chain_of({})};
        case Signer::lower: return {&lower_, chain_of({&lower_, &intermediate_, &authority_})};
        case Signer::authority: break;
        }
        return {&authority_, chain_of({&authority_})};
    }();
    auto const& key = recipe.small_key ? small_key_ : key_;

    CertificateFields fields;
    fields.not_before = now + recipe.from * day;
    fields.not_after = now + recipe.until * day;
    fields.public_key = public_key_of(key.get());
    auto const id = key_identifier(fields.public_key);
    fields.extensions = leaf_usages(key.get()) + subject_key_identifier(id) +
                        (signing.by ? signing.by->identifier : authority_key_identifier(id));
    name_leaf(fields, host);
    fields.issuer = signing.by ? signing.by->name : fields.subject;
    auto certificate = sign(fields, signing.by ? signing.by->key.get() : key.get(), recipe.digest);
    if (!certificate || EVP_PKEY_up_ref(key.get()) != 1) throw std::bad_alloc{};
    auto const summaries = engine::summarize(signing.sent.get());
    return {engine::make_identity(std::move(certificate), std::move(signing.sent), engine::KeyPtr(key.get()),
                                  summaries),
            now + renewed_after};
}

} // namespace alert40::tls::ca
