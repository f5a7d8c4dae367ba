#pragma once

#include "record/sink.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

namespace alert40::record {

/// Appends each record to a file as one line of JSON, by one write(2): what `take` was given is with the
/// kernel when it returns, and survives the process. Any thread.
///
/// Where writing fails (a full disk), the proxy goes on: that is reported once, records are counted as
/// missing until writing works again, and that is reported too. A line that was cut in the middle is
/// completed first.
class JsonlSink final : public Sink {
  public:
    using Report = std::function<void(std::string const& sentence)>;

    /// Makes the file (0600) where there is none. Throws std::runtime_error with the path and the reason.
    /// `report` is called from any thread.
    JsonlSink(std::string path, Report report);
    ~JsonlSink() override;
    JsonlSink(JsonlSink const&) = delete;
    JsonlSink& operator=(JsonlSink const&) = delete;

    void take(HandshakeRecord const& record) noexcept override;
    void take(ConnectionFailureRecord const& record) noexcept override;
    void take(LadderRecord const& record) noexcept override;
    void take(DiagnosisRecord const& record) noexcept override;

    /// For whoever has moved the file away (logrotate): opens the path anew, and makes the file where there
    /// is none. What cannot be opened is reported, and records go on into the old file. Any thread.
    void reopen();

    /// How many records are not in the file, or not whole.
    std::uint64_t missing() const;

  private:
    struct Written {
        std::size_t bytes;
        int error; ///< 0: all of them
    };

    void append(std::string line);
    Written write(std::string_view bytes);
    std::string account(std::string_view bytes, std::size_t written, int error);

    std::string const path_;
    Report const report_;
    mutable std::mutex mutex_; ///< for all below
    int fd_;
    std::string rest_;      ///< what is still to be written before the next line can begin
    std::uint64_t cut_ = 0; ///< 1 where `rest_` belongs to a record that is counted as missing
    std::uint64_t missing_ = 0;
    bool failing_ = false;
};

} // namespace alert40::record
