#pragma once

#include "bytes/byte_queue.hpp"
#include "net/resolver/dns_message.hpp"

#include <boost/system/result.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace alert40::net {

/// How questions and answers stand in the bytes of one connection. Bytes in, bytes out.
class DnsFraming {
  public:
    static constexpr std::size_t most_bytes = 65'535; ///< of a message (RFC 1035 section 4.2.2)

    struct Answered {
        std::uint16_t number;                                   ///< of the question
        boost::system::result<DnsMessage, std::string> message; ///< or why there is none, in one line
    };

    virtual ~DnsFraming() = default;

    /// What is said first.
    virtual void begin(bytes::ByteQueue& out) = 0;
    /// No two questions that wait have the same `number`.
    virtual void ask(std::uint16_t number, DnsMessage question, bytes::ByteQueue& out) = 0;
    /// Takes what came. What it returns says, in one line, why the connection is of no use any more.
    virtual std::optional<std::string> take(std::span<std::uint8_t const> bytes, bytes::ByteQueue& out,
                                            std::vector<Answered>& answered) = 0;
};

/// RFC 7858: the length in two bytes, then the message.
std::unique_ptr<DnsFraming> make_tls_framing();
/// RFC 8484: a GET over HTTP/2 for each question.
std::unique_ptr<DnsFraming> make_https_framing(std::string_view authority, std::string_view path);

} // namespace alert40::net
