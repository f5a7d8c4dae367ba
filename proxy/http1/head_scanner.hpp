#pragma once

#include <cstddef>
#include <string_view>

namespace alert40::proxy::http1 {

/// Finds the end of a head while it arrives: lines end with CRLF and with nothing else, none begins with
/// white space (obs-fold), the first empty one is the end. Looks at each byte once.
class HeadScanner {
  public:
    enum class Result { incomplete, complete, malformed };

    /// `bytes` is the head from its first byte, as far as it has come.
    Result scan(std::string_view bytes);

    /// After `complete`: the size of the head with its empty line.
    std::size_t size() const { return scanned_; }

    /// Nothing was scanned since the last head.
    bool fresh() const { return scanned_ == 0; }

    void reset() { scanned_ = 0; }

  private:
    std::size_t scanned_ = 0; ///< all line ends before this one are followed by the beginning of another line
};

/// Whether `bytes` can become a request line: a method, whole or begun. What cannot is not worth waiting for.
bool begins_request_line(std::string_view bytes);
/// The same of a status line.
bool begins_status_line(std::string_view bytes);

} // namespace alert40::proxy::http1
