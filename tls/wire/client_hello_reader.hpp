#pragma once

#include "tls/wire/handshake_message.hpp"
#include "tls/wire/record.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace alert40::tls::wire {

/// Follows what a client says up to the end of its ClientHello.
class ClientHelloReader {
  public:
    enum class State : std::uint8_t {
        incomplete,
        whole,
        not_a_hello, ///< another protocol, another message, or something behind the hello in its record
    };

    /// The longest that is waited for, record headers included.
    static constexpr std::size_t most = 128 * 1024;

    /// The next bytes; those behind the hello are not looked at.
    State feed(Bytes piece);

    State state() const { return state_; }

    // Once it is whole:
    Bytes body() const { return body_; } ///< without the 4-byte handshake header

    std::size_t wire_size() const { return wire_size_; } ///< of the records that hold it

    std::uint16_t legacy_record_version() const { return legacy_record_version_; } ///< of the first of them

  private:
    State take(Record const& record);

    RecordSplitter records_;
    HandshakeSplitter messages_;
    std::vector<std::uint8_t> body_;
    std::size_t wire_size_ = 0;
    std::uint16_t legacy_record_version_ = 0;
    State state_ = State::incomplete;
};

} // namespace alert40::tls::wire
