#pragma once

#include "proxy/message/limits.hpp"

#include <cstddef>
#include <string_view>

namespace alert40::proxy::http2 {

/// What one field section may still take of our memory. HPACK turns one byte into thousands: counted is the
/// text.
class HeadBudget {
  public:
    /// False: this line is too much, and so is each that follows.
    bool spend(std::string_view name, std::string_view value) {
        bytes_ += name.size() + value.size() + line_overhead;
        ++lines_;
        exceeded_ = exceeded_ || bytes_ > limits::head_bytes || lines_ > limits::fields;
        return !exceeded_;
    }

    bool exceeded() const { return exceeded_; }

  private:
    static constexpr std::size_t line_overhead = 32; ///< RFC 9113 section 6.5.2

    std::size_t bytes_ = 0;
    std::size_t lines_ = 0;
    bool exceeded_ = false;
};

} // namespace alert40::proxy::http2
