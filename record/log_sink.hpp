#pragma once

#include "record/log_style.hpp"
#include "record/sink.hpp"

#include <memory>

namespace spdlog {
class logger;
}

namespace alert40::record {

/// Writes one line a record to a logger. A line brings its own time: the logger's pattern is to be "%v".
/// Levels: info for what came about, warning for what is weak or goes on with another attempt, error for what
/// failed for good.
class LogSink final : public Sink {
  public:
    /// The logger is shared with whoever configures it.
    LogSink(std::shared_ptr<spdlog::logger> logger, LogStyle style);
    void take(HandshakeRecord const& record) noexcept override;
    void take(ConnectionFailureRecord const& record) noexcept override;
    void take(LadderRecord const& record) noexcept override;
    void take(DiagnosisRecord const& record) noexcept override;

  private:
    std::shared_ptr<spdlog::logger> logger_;
    LogStyle style_;
};

} // namespace alert40::record
