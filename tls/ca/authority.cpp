#include "tls/ca/authority.hpp"

#include "tls/ca/certificate.hpp"
#include "tls/ca/files.hpp"
#include "tls/ca/flawed_mint.hpp"
#include "tls/ca/issuer.hpp"
#include "tls/ca/leaf_cache.hpp"
#include "tls/ca/leaf_mint.hpp"
#include "tls/ca/new_authority.hpp"
#include "tls/engine/certificate_summary.hpp"
#include "tls/engine/identity_state.hpp"
#include "tls/engine/lean_library.hpp"
#include "tls/engine/openssl_error.hpp"

#include <openssl/x509v3.h>

#include <unistd.h>

#include <array>
#include <ctime>
#include <mutex>
#include <optional>

namespace alert40::tls::ca {
namespace {

using AuthorityResult = Authority::Result<std::shared_ptr<Authority const>>;
using LeafResult = Authority::Result<std::shared_ptr<engine::Identity const>>;

constexpr std::size_t max_rare_leaves = 256; ///< of RSA, and flawed ones: some 6 KiB each

std::string machine() {
    std::array<char, 256> name{};
    return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

std::string fingerprint(X509 const* certificate) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    X509_digest(certificate, EVP_sha256(), digest.data(), &size);
    std::string text;
    for (unsigned i = 0; i < size; ++i) {
        std::array<char, 4> hex{};
        std::snprintf(hex.data(), hex.size(), "%02X", digest[i]);
        text += (i ? ":" : "") + std::string(hex.data());
    }
    return text;
}

std::string is_wrong(std::string const& path, std::string const& why) {
    return "\"" + path + "\": " + why;
}

/// Why this certificate cannot sign leaves; nothing: it can.
std::optional<std::string> unfit(X509* certificate) {
    if (X509_check_ca(certificate) != 1) return "it is no certificate of an authority (CA:TRUE is missing)";
    if (!(X509_get_key_usage(certificate) & KU_KEY_CERT_SIGN))
        return "its key usage does not let it sign certificates";
    if (X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0)
        return "it expired on " + engine::summarize(certificate).not_after;
    return std::nullopt;
}

template <class Mint>
LeafResult kept_leaf(LeafCache& leaves, std::string_view host, Mint const& mint) {
    auto const now = std::time(nullptr);
    if (auto known = leaves.find(host, now)) return known;
    auto const name = parse_host_name(host);
    if (!name) return name.error();
    if (name->text != host)
        if (auto known = leaves.find(name->text, now)) return known;
    auto leaf = mint().mint(*name, now);
    if (!leaf) return leaf.error();
    return leaves.put(name->text, std::move(*leaf), now);
}

/// A limited authority may have only names below the right one to choose from.
boost::system::result<HostName, std::string> other_than(HostName const& host, Authority const& authority) {
    for (auto const& text : {std::string("wrong.host.invalid"), "wrong." + host.text})
        if (text != host.text && authority.leaf_for(text)) return parse_host_name(text);
    return {boost::system::in_place_error, "the authority may name no other host than \"" + host.text + "\""};
}

} // namespace

struct Authority::State {
    State(engine::CertificatePtr certificate, engine::KeyPtr key, std::string certificate_pem)
        : issuer(std::move(certificate), std::move(key))
        , mint(issuer, make_key(engine::lean_library()))
        , pem(std::move(certificate_pem)) {}

    Issuer issuer;
    LeafMint mint; // the caches lock for themselves
    LeafCache leaves, rsa_leaves{max_rare_leaves}, flawed_leaves{max_rare_leaves};
    std::string pem;

    // Nearly nobody needs these, and their keys take a tenth of a second.
    std::once_flag rsa_asked, flaws_asked;
    std::optional<LeafMint> rsa_mint;
    std::optional<FlawedMint> flawed_mint;

    LeafMint const& rsa() {
        std::call_once(rsa_asked, [this] {
            rsa_mint.emplace(issuer, make_key(engine::lean_library(), KeyKind::rsa_2048));
        });
        return *rsa_mint;
    }

    FlawedMint const& flawed() {
        std::call_once(flaws_asked, [this] { flawed_mint.emplace(issuer); });
        return *flawed_mint;
    }

    static AuthorityResult read(Files const& files);
    static AuthorityResult make(Files const& files, std::vector<std::string> const& permitted);
};

AuthorityResult Authority::State::read(Files const& files) {
    auto pem = read_file(files.cert);
    if (!pem) return pem.error();
    auto const key_pem = files.named_by_user ? read_file(files.key) : read_secret(files.key);
    if (!key_pem) return key_pem.error();
    auto certificate = engine::certificate_from_pem(*pem);
    if (!certificate)
        return is_wrong(files.cert, "there is no certificate in it: " + engine::take_openssl_error());
    auto key = engine::key_from_pem(*key_pem);
    if (!key)
        return is_wrong(files.key, "there is no private key without a passphrase in it: " +
                                       engine::take_openssl_error());
    if (auto const why = unfit(certificate.get())) return is_wrong(files.cert, *why);
    if (auto const why = cannot_sign(key.get())) return is_wrong(files.key, *why);
    if (X509_check_private_key(certificate.get(), key.get()) != 1) {
        engine::drop_openssl_errors();
        return is_wrong(files.key, "it is not the key of \"" + files.cert + "\"");
    }
    return std::shared_ptr<Authority const>(
        new Authority(std::make_unique<State>(std::move(certificate), std::move(key), std::move(*pem))));
}

AuthorityResult Authority::State::make(Files const& files, std::vector<std::string> const& permitted) {
    for (auto const& path : {files.key, files.cert})
        if (file_exists(path)) return is_wrong(path, "it is there already");
    auto const made = make_authority(permitted, machine(), std::time(nullptr));
    if (!made) return made.error();
    if (auto error = write_new_file(files.key, made->key, Readers::owner)) return std::move(*error);
    if (auto error = write_new_file(files.cert, made->certificate, Readers::all)) {
        ::unlink(files.key.c_str());
        return std::move(*error);
    }
    return read(files);
}

AuthorityResult Authority::load(Files const& files) {
    FolderLock const lock(files.key, FolderLock::Kind::shared);
    return State::read(files);
}

AuthorityResult Authority::create(Files const& files, std::vector<std::string> const& permitted) {
    for (auto const& path : {files.key, files.cert})
        if (auto error = make_folder_of(path)) return std::move(*error);
    FolderLock const lock(files.key, FolderLock::Kind::exclusive);
    return State::make(files, permitted);
}

AuthorityResult Authority::load_or_create(Files const& files) {
    for (auto const& path : {files.key, files.cert})
        if (auto error = make_folder_of(path)) return std::move(*error);
    FolderLock const lock(files.key, FolderLock::Kind::exclusive);
    auto const there = file_exists(files.key) || file_exists(files.cert);
    return there ? State::read(files) : State::make(files, {});
}

Authority::Authority(std::unique_ptr<State> state)
    : state_(std::move(state)) {}

Authority::~Authority() = default;

LeafResult Authority::leaf_for(std::string_view host) const {
    return kept_leaf(
        state_->leaves, host, [&]() -> auto& { return state_->mint; });
}

LeafResult Authority::rsa_leaf_for(std::string_view host) const {
    return kept_leaf(
        state_->rsa_leaves, host, [&]() -> auto& { return state_->rsa(); });
}

LeafResult Authority::flawed_leaf_for(std::string_view host, Flaw flaw) const {
    auto const now = std::time(nullptr);
    auto name = parse_host_name(host);
    if (!name) return name.error();
    auto const key = name->text + " " + std::string(name_of(flaw));
    if (auto known = state_->flawed_leaves.find(key, now)) return known;
    if (auto const good = leaf_for(name->text); !good) return good; // the flaw is to be the only one
    if (flaw == Flaw::wrong_host) name = other_than(*name, *this);
    if (!name) return name.error();
    return state_->flawed_leaves.put(key, state_->flawed().mint(*name, flaw, now), now);
}

std::string const& Authority::certificate_pem() const {
    return state_->pem;
}

Facts Authority::facts() const {
    auto const* const certificate = state_->issuer.certificate.get();
    auto summary = engine::summarize(certificate);
    return {std::move(summary.subject), fingerprint(certificate), std::move(summary.not_before),
            std::move(summary.not_after), permitted_names(certificate)};
}

} // namespace alert40::tls::ca
