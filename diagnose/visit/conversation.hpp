#pragma once

#include "bytes/byte_queue.hpp"
#include "diagnose/visit/visited.hpp"

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace alert40::diagnose {

/// Of the body, so much is read: enough to see how it comes.
inline constexpr std::size_t most_body = 256 * 1024;
/// Of the heads of responses, so much is read.
inline constexpr std::size_t most_head = 64 * 1024;

/// One GET in the words of one version of HTTP: bytes in, bytes out, without a socket or a clock.
class Conversation {
  public:
    virtual ~Conversation() = default;

    /// What is said first.
    virtual void begin(bytes::ByteQueue& out) = 0;
    /// Takes what came. False: all that matters has come, or a failure.
    virtual bool take(std::span<std::uint8_t const> bytes, bytes::ByteQueue& out) = 0;
    /// The peer's stream ended. What is missing then is a failure.
    virtual void end() = 0;

    /// As far as the bytes tell: everything but the times.
    Visited const& visited() const { return visited_; }

  protected:
    void fail(tls::FailureKind kind, std::string detail);

    Visited visited_;
};

/// `target` is the path with its query; `authority` what stands in Host.
std::unique_ptr<Conversation> make_http1_conversation(std::string_view authority, std::string_view target);
std::unique_ptr<Conversation> make_http2_conversation(std::string_view authority, std::string_view target);

} // namespace alert40::diagnose
