#pragma once

namespace alert40::record {

/// How a log line may look.
struct LogStyle {
    bool colour = false;    ///< ANSI escapes
    bool unicode = false;   ///< marks and arrows beyond ASCII
    bool local_time = true; ///< of this machine; else UTC

    bool operator==(LogStyle const&) const = default;
};

/// Colour on a terminal, unless NO_COLOR is set (https://no-color.org) or TERM is "dumb"; Unicode where
/// LC_ALL, LC_CTYPE or LANG, the first that is set, says UTF-8.
LogStyle log_style_for(int fd);

} // namespace alert40::record
