#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace alert40::app::trust {

/// The certificate that is to be trusted.
struct Anchor {
    std::string file;   ///< PEM
    std::string sha256; ///< "AB:CD:..."
    std::string pem;    ///< what the file holds

    bool operator==(Anchor const&) const = default;
};

/// The first 16 hex digits of the fingerprint, in lower case: part of the names that an anchor gets in
/// stores.
std::string short_fingerprint(std::string_view sha256);
/// In an NSS database: "alert40 0123456789abcdef".
std::string nickname(std::string_view sha256);

/// A place where certificates are trusted.
struct Store {
    enum class Kind : std::uint8_t {
        debian,  ///< a folder, and update-ca-certificates
        p11_kit, ///< `trust anchor` (Fedora, Arch)
        nss,     ///< a database that certutil changes
    };
    Kind kind = Kind::nss;
    std::string owner;  ///< "the system", "Chromium", "Firefox"
    std::string folder; ///< of the anchors, or of the database; empty for p11-kit

    bool operator==(Store const&) const = default;

    bool is_system() const { return kind != Kind::nss; }

    /// "Firefox (FOLDER)"
    std::string text() const;
};

std::string_view name_of(Store::Kind kind);
std::optional<Store::Kind> kind_named(std::string_view name);

/// Whether the store trusts the anchor now. An NSS database is asked by certutil; without certutil the answer
/// is no.
bool trusts(Store const& store, Anchor const& anchor);

} // namespace alert40::app::trust
