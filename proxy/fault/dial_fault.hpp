#pragma once

#include "net/ordeal.hpp"
#include "proxy/fault/fault_book.hpp"
#include "tls/offer.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace alert40::proxy {

/// Whose ClientHello a dial sends.
enum class HelloOf : std::uint8_t { us, app, nobody };

/// What one dial suffers on purpose, where we play the broken client or the path from it.
struct DialFault {
    std::string rule;               ///< whose faults they are
    std::vector<std::string> notes; ///< of the record: "injected: reset after 100 bytes sent at connect"
    net::Ordeal ordeal;
    std::vector<tls::Offer> offers; ///< over the profile, in order
};

/// Counted as struck. Nothing: all is well. `app` is the app's own hello, null where none is known.
std::optional<DialFault> strike_dial(FaultBook& book, policy::Decision const& decision, HelloOf who,
                                     tls::Offered const* app);

} // namespace alert40::proxy
