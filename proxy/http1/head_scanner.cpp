#include "proxy/http1/head_scanner.hpp"

#include "proxy/message/syntax.hpp"

#include <algorithm>

namespace alert40::proxy::http1 {

HeadScanner::Result HeadScanner::scan(std::string_view bytes) {
    for (;;) {
        auto const lf = bytes.find('\n', scanned_);
        if (lf == std::string_view::npos) {
            scanned_ = bytes.size();
            return Result::incomplete;
        }
        if (lf == 0 || bytes[lf - 1] != '\r') return Result::malformed;

        auto const next = bytes.substr(lf + 1, 2);
        if (next.starts_with(' ') || next.starts_with('\t')) return Result::malformed;
        if (next == "\r\n") {
            scanned_ = lf + 3;
            return Result::complete;
        }
        if (next.size() == 2 && next[0] == '\r') return Result::malformed;
        if (next.empty() || next == "\r") { // what follows decides: look at this line end again
            scanned_ = lf;
            return Result::incomplete;
        }
        scanned_ = lf + 1;
    }
}

bool begins_request_line(std::string_view bytes) {
    auto const method = bytes.substr(0, bytes.find(' '));
    return method.empty() ? bytes.empty() : valid_method(method);
}

bool begins_status_line(std::string_view bytes) {
    static constexpr std::string_view name = "HTTP/1.";
    auto const n = std::min(bytes.size(), name.size());
    return bytes.substr(0, n) == name.substr(0, n);
}

} // namespace alert40::proxy::http1
