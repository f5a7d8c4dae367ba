#pragma once

#include "tls/hello_edit.hpp"
#include "tls/wire/malformed.hpp"

#include <cstdint>
#include <vector>

namespace alert40::tls::wire {

/// The same ClientHello body (without the 4-byte handshake header), edited. Fails as parse_client_hello does,
/// and with `too_long` where the result would not fit.
Result<std::vector<std::uint8_t>> edit_client_hello(Bytes body, HelloEdit const& edit);

/// A ClientHello body as handshake records of this version, as few as hold it.
std::vector<std::uint8_t> client_hello_records(Bytes body, std::uint16_t legacy_record_version);

} // namespace alert40::tls::wire
