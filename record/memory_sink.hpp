#pragma once

#include "record/limits.hpp"
#include "record/sink.hpp"

#include <cstddef>
#include <deque>
#include <mutex>
#include <vector>

namespace alert40::record {

/// Keeps the last records. Any thread.
class MemorySink final : public Sink {
  public:
    explicit MemorySink(std::size_t limit = limits::recent_records);
    void take(HandshakeRecord const& record) noexcept override;
    void take(ConnectionFailureRecord const& record) noexcept override;
    void take(LadderRecord const& record) noexcept override;
    void take(DiagnosisRecord const& record) noexcept override;

    /// A copy of what is kept, oldest first.
    std::vector<Record> recent() const;
    /// How many were ever taken.
    std::size_t taken() const;

  private:
    void keep(Record record);

    mutable std::mutex mutex_;
    std::size_t limit_;
    std::size_t taken_ = 0;
    std::deque<Record> records_;
};

} // namespace alert40::record
