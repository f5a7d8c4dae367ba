#include "app/log.hpp"

#include "record/log_style.hpp"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <unistd.h>

namespace alert40::app {

namespace {

// In the order of LogLevel.
constexpr spdlog::level::level_enum levels[] = {spdlog::level::debug, spdlog::level::info,
                                                spdlog::level::warn, spdlog::level::err};

std::shared_ptr<spdlog::logger> make_logger(std::string const& name, std::string const& pattern,
                                            std::string_view level) {
    bool const colour = record::log_style_for(STDERR_FILENO).colour;
    auto logger =
        spdlog::stderr_color_mt(name, colour ? spdlog::color_mode::always : spdlog::color_mode::never);
    logger->set_pattern(pattern);
    logger->set_level(spdlog::level::from_str(std::string(level)));
    logger->flush_on(spdlog::level::trace);
    return logger;
}

} // namespace

void start_log(std::string_view level) {
    spdlog::set_default_logger(make_logger("alert40", "%H:%M:%S.%e %^%l%$ %v", level));
    make_logger("handshakes", "%v", level);
}

void log(LogLevel level, std::string_view line) {
    spdlog::log(levels[static_cast<std::size_t>(level)], "{}",
                spdlog::string_view_t(line.data(), line.size()));
}

std::shared_ptr<spdlog::logger> handshake_logger() {
    return spdlog::get("handshakes");
}

} // namespace alert40::app
