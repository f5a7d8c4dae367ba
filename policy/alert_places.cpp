#include "policy/alert_places.hpp"

#include <algorithm>
#include <array>

namespace alert40::policy {
namespace {

using enum FaultPoint;
using enum tls::ProtocolVersion;
using tls::AlertLevel;

/// Where an alert of a level can be sent while TLS 1.2, or 1.3, is spoken; below 1.2 as in 1.2, but for the
/// alert within encryption.
struct Row {
    FaultPoint at;
    AlertLevel level;
    bool in_12, in_13;
};

constexpr std::array rows = {
    Row{client_hello, AlertLevel::fatal, true, true}, // in plaintext
    Row{client_hello, AlertLevel::warning, true, true},
    Row{server_hello, AlertLevel::fatal, true, true}, // in TLS 1.3 under the keys of the handshake
    Row{server_hello, AlertLevel::warning, true, false},
    Row{certificate, AlertLevel::fatal, true, true},
    Row{certificate, AlertLevel::warning, true, false},
    Row{finished, AlertLevel::fatal, true, true}, // under the keys of what follows
    Row{finished, AlertLevel::warning, false, false},
};

constexpr std::string_view numbers =
    "records within encryption are numbered, and after one that OpenSSL did not count nothing can go on";

} // namespace

std::string why_not(fault::Alert const& alert, FaultPoint at, tls::ProtocolVersion highest) {
    auto const row = std::ranges::find_if(
        rows, [&](Row const& each) { return each.at == at && each.level == alert.level; });
    if (row == rows.end()) return {}; // it cannot strike there at all
    if (at == finished && alert.level == AlertLevel::fatal && highest < tls1_2)
        return "no alert can be made within the encryption of TLS 1.0 and 1.1: use \"reset\" or \"close\"";
    if (row->in_12 && !row->in_13 && highest > tls1_2)
        return "a warning at \"" + std::string(name_of(at)) +
               "\" is encrypted in TLS 1.3: " + std::string(numbers) +
               "; add when = { version_max = \"1.2\" }";
    if (!row->in_12 && !row->in_13)
        return "a warning at \"" + std::string(name_of(at)) + "\" is encrypted: " + std::string(numbers) +
               "; \"close\" sends close_notify";
    return {};
}

} // namespace alert40::policy
