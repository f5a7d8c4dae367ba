#pragma once

#include <memory>
#include <string_view>

namespace spdlog {
class logger;
}

namespace alert40::app {

enum class LogLevel { debug, info, warning, error };

/// The program's own words about itself, on stderr: a line each, with the time in front. Any thread.
void log(LogLevel level, std::string_view line);
/// For both loggers: "debug", "info", "warning" or "error". Once, before there are threads.
void start_log(std::string_view level);
/// For record::LogSink: also on stderr, each line as it is.
std::shared_ptr<spdlog::logger> handshake_logger();

} // namespace alert40::app
