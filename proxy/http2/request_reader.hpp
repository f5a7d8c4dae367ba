#pragma once

#include "proxy/http2/head_budget.hpp"
#include "proxy/message/message.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace alert40::proxy::http2 {

/// Turns the field lines of a request (RFC 9113 section 8.3.1) into a RequestHead.
///
/// nghttp2 has checked names, values and the order, presence and uniqueness of pseudo-header fields before;
/// what is left is what it does not know: the limits, and whether an HTTP/1.1 server would understand the
/// same.
class RequestReader {
  public:
    enum class Verdict : std::uint8_t { good, malformed, too_large };

    /// False: this line is more than we take, as is each that follows.
    bool spend(std::string_view name, std::string_view value) { return budget_.spend(name, value); }

    bool too_large() const { return budget_.exceeded(); }

    void add(RequestHead& head, std::string_view name, std::string_view value, bool never_index);
    /// After the last line; `end`: the stream ended with it. The head is whole if the verdict is good.
    Verdict finish(RequestHead& head, bool end);

    /// A tunnel: opaque bytes follow, once it was answered (CONNECT, RFC 8441).
    bool tunnel() const { return connect_; }

  private:
    void add_pseudo(RequestHead& head, std::string_view name, std::string_view value);

    HeadBudget budget_;
    std::string_view host_; ///< in the head's arena
    std::optional<std::uint64_t> content_length_;
    bool connect_ = false;
};

/// The value of a Content-Length that nghttp2 has found to be a number.
std::optional<std::uint64_t> length_in(std::string_view content_length);

} // namespace alert40::proxy::http2
