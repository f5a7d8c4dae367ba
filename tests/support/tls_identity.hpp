#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace alert40::test {

/// A certificate and its key, made at run time.
struct Identity {
    std::shared_ptr<X509> certificate; ///< shared by the copies of this value
    std::shared_ptr<EVP_PKEY> key;
    std::shared_ptr<X509> issuer; ///< null: self-signed

    std::string certificate_pem() const;
    std::string key_pem() const;
};

enum class KeyKind { ec_p256, rsa_2048, rsa_1024, rsa_pss, ed25519, ed448 };

struct IdentityOptions {
    std::string common_name = "origin.test";
    std::string names = "DNS:origin.test"; ///< subjectAltName as OpenSSL writes it; empty: none
    KeyKind key = KeyKind::ec_p256;
    std::chrono::seconds not_before{-3600}; ///< from now
    std::chrono::seconds not_after{3600};
    bool authority = false;
    char const* digest = "SHA256";
};

Identity make_identity(IdentityOptions const& options, Identity const* issuer = nullptr);
/// A self-signed authority.
Identity make_authority(std::string common_name = "Test CA");

/// A file that goes away with its owner.
class TemporaryFile {
  public:
    explicit TemporaryFile(std::string_view content);
    ~TemporaryFile();
    TemporaryFile(TemporaryFile const&) = delete;
    TemporaryFile& operator=(TemporaryFile const&) = delete;

    std::string path() const { return path_.string(); }

  private:
    std::filesystem::path path_;
};

} // namespace alert40::test
