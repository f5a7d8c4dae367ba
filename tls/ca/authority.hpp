#pragma once

#include "tls/engine/identity.hpp"
#include "tls/flaw.hpp"

#include <boost/system/result.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace alert40::tls::ca {

/// Where an authority is kept, PEM.
struct Files {
    std::string cert;
    std::string key;            ///< mode 0600; made so, and refused with a reason where others may read it
    bool named_by_user = false; ///< in [authority]: then who may read the key is the user's business

    bool operator==(Files const&) const = default;
};

/// What a person wants to know of an authority.
struct Facts {
    std::string subject;    ///< "CN=alert40 local authority (host 2026-11-23)"
    std::string sha256;     ///< fingerprint of the certificate: "AB:CD:..."
    std::string not_before; ///< RFC 3339, UTC
    std::string not_after;
    std::vector<std::string> permitted; ///< name constraints (RFC 5280 section 4.2.1.10); empty: none
};

/// The local authority: signs leaves for the names of intercepted hosts. ECDSA P-256, one key for all leaves
/// (made in memory, never written), leaves valid from a day ago for a week, serial numbers at random, names
/// in subjectAltName only, key usage and extended key usage as browsers want them. Immutable to its users;
/// thread-safe.
class Authority {
  public:
    template <typename T>
    using Result = boost::system::result<T, std::string>; ///< the error is one line that names the file

    static Result<std::shared_ptr<Authority const>> load(Files const& files);
    /// Makes the folder (0700), the key (0600) and the certificate (ten years, name-constrained where
    /// `permitted` has names); an error where one of the files exists.
    static Result<std::shared_ptr<Authority const>> create(Files const& files,
                                                           std::vector<std::string> const& permitted = {});
    /// On first need; two processes at a time end up with the same one.
    static Result<std::shared_ptr<Authority const>> load_or_create(Files const& files);
    ~Authority();
    Authority(Authority const&) = delete;
    Authority& operator=(Authority const&) = delete;

    /// The leaf for a DNS name (lower-case A-label) or an IP literal, with the authority's certificate behind
    /// it. Minted on first need, kept (bounded, the one used longest ago makes room) and made anew before it
    /// expires. The error says why not: an empty or malformed name, outside of the constraints.
    Result<std::shared_ptr<engine::Identity const>> leaf_for(std::string_view host) const;

    /// The same with a key of RSA 2048: for what goes with no other, DHE before all. The first one takes
    /// time.
    Result<std::shared_ptr<engine::Identity const>> rsa_leaf_for(std::string_view host) const;

    /// A leaf that an app refuses for one reason alone. Kept as the others are.
    Result<std::shared_ptr<engine::Identity const>> flawed_leaf_for(std::string_view host, Flaw flaw) const;

    std::string const& certificate_pem() const;
    Facts facts() const;

  private:
    struct State;
    explicit Authority(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

} // namespace alert40::tls::ca
