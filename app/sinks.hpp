#pragma once

#include "app/seen_hosts.hpp"
#include "record/fan_out_sink.hpp"
#include "record/jsonl_sink.hpp"
#include "record/log_sink.hpp"

#include <optional>
#include <string>

namespace alert40::app {

/// Where handshakes are told: the log, what counts them, and the file of --record.
class Sinks {
  public:
    enum class Log { handshakes, nothing };

    /// After start_log. `record_file` may be empty.
    explicit Sinks(std::string const& record_file, Log log = Log::handshakes);

    record::Sink& all() { return *all_; }

    SeenHosts const& seen() const { return seen_; }

    /// The file of records, with its path; empty: there is none.
    std::string const& file() const { return file_; }

    void reopen_file();

  private:
    std::string file_;
    std::optional<record::LogSink> log_;
    SeenHosts seen_;
    std::optional<record::JsonlSink> jsonl_;
    std::optional<record::FanOutSink> all_;
};

} // namespace alert40::app
