#pragma once

#include "diagnose/trial/trial.hpp"
#include "policy/origin.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace alert40::diagnose {

/// One thing in which a trial can differ from what an app does by itself.
struct Change {
    std::string name;  ///< "alpn-http1": stable, for tools
    std::string words; ///< "with http/1.1 alone in ALPN"
    bool weak = false; ///< below BCP 195 (RFC 9325)
    std::function<void(Trial&)> apply;
};

/// The changes of the handshake that may tell why `base` fails as it does, the likeliest to isolate the cause
/// first. None where it fails before the handshake, or of a certificate.
std::vector<Change> handshake_changes(Trial const& base, Observation const& failed);

/// Everything that makes an offer wider, for where no change helps alone; dropped again one by one. None
/// where the server wants stronger parameters (71).
std::vector<Change> widening_changes(Trial const& base, Observation const& failed);

/// `name` of those that both functions know; for what follows from an answer.
Change change_named(std::string_view name);

/// The one suite, or the one group, that a server has chosen of a wide offer. Nothing: it was in the narrow
/// one already, or cannot be offered by name.
std::vector<Change> chosen_alone(Trial const& base, tls::Negotiated const& chosen);

Change client_certificate_change(tls::ClientCertificate const& certificate);

/// All that is offered, and another preference: less than http/1.1 alone.
Change http1_first_change();

/// As little as can be, and nothing that a server could mind: what works with this, and with a suite less,
/// and not as it was, goes by the fingerprint of the hello.
Change other_group_first_change();

/// How a certificate is checked: as of another time, or by other authorities; and whose it is when nobody's
/// is asked for.
Change validity_change(std::chrono::system_clock::time_point valid);
Change system_store_change();
Change nobodys_name_change();
inline constexpr std::string_view nobodys_name = "a-name-that-nobody-has.test"; ///< RFC 6761 section 6.2

/// The way there: through none of the proxies, at this address, by this resolver.
Change direct_change();
Change address_change(std::string const& address);
Change resolver_change(policy::Resolver const& resolver);

/// `base` with all of them.
Trial with(Trial const& base, std::vector<Change> const& changes);

/// "with http/1.1 alone in ALPN, and TLS 1.2 at most".
std::string words_of(std::vector<Change> const& changes);

} // namespace alert40::diagnose
