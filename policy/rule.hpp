#pragma once

#include "policy/fault.hpp"
#include "policy/hello_match.hpp"
#include "tls/profile.hpp"
#include "tls/version.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace alert40::policy {

/// Where the names of an origin are looked up.
struct Resolver {
    enum class Kind : std::uint8_t {
        system,
        udp, ///< RFC 1035
        tcp,
        tls,   ///< DNS over TLS (RFC 7858)
        https, ///< DNS over HTTPS (RFC 8484)
    };
    Kind kind = Kind::system;
    std::string address; ///< IP literal of the server; of `tls` and `https` a name, too
    std::uint16_t port = 53;
    std::string path{}; ///< of `https`: "/dns-query"

    bool operator==(Resolver const&) const = default;

    bool is_encrypted() const { return kind == Kind::tls || kind == Kind::https; }

    /// Where no port is named.
    static std::uint16_t usual_port(Kind kind);

    std::string text()
        const; ///< "system", "udp://9.9.9.9", "tls://[2620:fe::fe]:8853", "https://dns.quad9.net/dns-query"
};

/// HOST:PORT to connect to instead of the target's own; the name in SNI and checks stays.
struct Address {
    std::string host;       ///< a name or an IP literal; empty: keep the target's
    std::uint16_t port = 0; ///< 0: keep the target's

    bool operator==(Address const&) const = default;
    std::string text() const; ///< "127.0.0.1:9443", "edge.example", ":8443"
};

/// How the origin is reached.
struct Via {
    enum class Kind : std::uint8_t {
        environment, ///< HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY as curl reads them
        direct,
        http_proxy, ///< by CONNECT
        socks5,     ///< RFC 1928; names are looked up here
        socks5h,    ///< the same; the proxy looks names up
    };
    Kind kind = Kind::environment;
    std::string host;
    std::uint16_t port = 0;
    std::string username; ///< percent-decoded, for Basic (RFC 7617) or RFC 1929; empty: none
    std::string password;

    bool operator==(Via const&) const = default;

    bool is_proxy() const { return kind != Kind::environment && kind != Kind::direct; }

    /// By the scheme of its URL, in small letters: "http", "socks5", "socks5h".
    static std::optional<Kind> proxy_of_scheme(std::string_view scheme);

    /// It looks the names of origins up by itself.
    bool resolves() const { return kind == Kind::http_proxy || kind == Kind::socks5h; }

    std::string text() const; ///< "env", "direct", "http://proxy:3128"; never the credentials
};

/// What to do with a CONNECT: pass and watch, terminate, or refuse. `block` also refuses plain requests.
enum class Mode : std::uint8_t { watch, intercept, block };

std::string_view name_of(Mode mode);

/// Exactly one of the two spellings of the same slot.
struct LadderName {
    std::string name;
    bool operator==(LadderName const&) const = default;
};

struct ProfileName {
    std::string name;
    bool operator==(ProfileName const&) const = default;
};

struct Match {
    std::vector<std::string> host;     ///< lower-case A-labels; "*" any, "*.x" any depth below x; empty: any
    std::vector<std::uint16_t> port;   ///< empty: any
    std::vector<std::string> listener; ///< as written in `listen`; empty: any
    /// Of an app that speaks TLS to us or through us. Where no hello is known (plain requests), it does not
    /// match.
    std::optional<HelloMatch> client_hello{};

    bool operator==(Match const&) const = default;
};

/// One [[rule]]: a match, and the keys that it sets. A key that is absent is left to a later rule.
struct Rule {
    std::string name; ///< never empty: "rule 3" where the file gives none
    Match match;
    std::optional<Mode> mode;
    std::optional<std::variant<LadderName, ProfileName>> ladder;
    std::optional<Resolver> resolver;
    std::optional<Address> address;
    std::optional<Via> via;
    std::optional<tls::SplitHello>
        split_hello; ///< of a watched tunnel: how the app's own hello is cut on its way
    /// Where an intercepted app does not trust the authority, the host is only watched from then on, for so
    /// long; nothing long: it is not.
    std::optional<std::chrono::milliseconds> watch_if_untrusted;
    std::vector<Fault> faults;    ///< in the order in which they are tried
    std::optional<bool> h2c;      ///< speak h2 by prior knowledge to a plain http origin
    std::optional<bool> diagnose; ///< find out in the background why a ladder ended in failure
    /// A time, or a span counted from when the rule first loaded.
    std::optional<std::variant<std::chrono::milliseconds, std::chrono::system_clock::time_point>> until;

    bool operator==(Rule const&) const = default;
};

} // namespace alert40::policy
