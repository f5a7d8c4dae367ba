#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace alert40::policy {

/// "*", "*.x" (any depth below x, not x itself), or the name itself. Both sides are lower-case A-labels
/// already.
bool host_matches(std::string_view pattern, std::string_view host);

/// Lower-case A-label of a host name as typed (IDNA 2008, RFC 5891), without a final dot; IP literals pass in
/// their canonical spelling (RFC 5952), without brackets. Nothing if it is not a host name: a last label that
/// is a number without being an IPv4 literal ("127.1") is refused, because resolvers read it as an address.
std::optional<std::string> to_a_label(std::string_view host);

/// An IPv4 or IPv6 literal without brackets, in its canonical spelling.
std::optional<std::string> to_ip_literal(std::string_view text);

/// An address that only this machine reaches: 127.0.0.0/8, ::1. `address` is an IP literal.
bool is_loopback(std::string_view address);

} // namespace alert40::policy
