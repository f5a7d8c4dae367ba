#pragma once

#include "proxy/http2/head_budget.hpp"
#include "proxy/message/message.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace alert40::proxy::http2 {

/// Turns the field lines of one response head (RFC 9113 section 8.3.2), interim or final, into a
/// ResponseHead.
class ResponseReader {
  public:
    void add(ResponseHead& head, std::string_view name, std::string_view value, bool never_index);
    /// After the last line; `end`: the stream ended with it. False: the head is more than we take.
    bool finish(ResponseHead& head, bool end);

  private:
    HeadBudget budget_;
    std::optional<std::uint64_t> content_length_;
};

} // namespace alert40::proxy::http2
