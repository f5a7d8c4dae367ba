#include "record/log_sink.hpp"

#include "record/log_line.hpp"

#include <spdlog/logger.h>

namespace alert40::record {

namespace {

using spdlog::level::level_enum;

level_enum level_of(HandshakeRecord const& record) {
    if (record.outcome == Outcome::failed) return record.next ? level_enum::warn : level_enum::err;
    return record.notes.empty() ? level_enum::info : level_enum::warn;
}

level_enum level_of(ConnectionFailureRecord const& record) {
    return record.next ? level_enum::warn : level_enum::err;
}

level_enum level_of(LadderRecord const&) {
    return level_enum::info;
}

level_enum level_of(DiagnosisRecord const& record) {
    return explains(record) ? level_enum::warn : level_enum::info;
}

void write(spdlog::logger& logger, LogStyle style, auto const& record) {
    auto const level = level_of(record);
    if (logger.should_log(level)) logger.log(level, spdlog::string_view_t{log_line(record, style)});
}

} // namespace

LogSink::LogSink(std::shared_ptr<spdlog::logger> logger, LogStyle style)
    : logger_(std::move(logger))
    , style_(style) {}

void LogSink::take(HandshakeRecord const& record) noexcept {
    write(*logger_, style_, record);
}

void LogSink::take(ConnectionFailureRecord const& record) noexcept {
    write(*logger_, style_, record);
}

void LogSink::take(LadderRecord const& record) noexcept {
    write(*logger_, style_, record);
}

void LogSink::take(DiagnosisRecord const& record) noexcept {
    write(*logger_, style_, record);
}

} // namespace alert40::record
