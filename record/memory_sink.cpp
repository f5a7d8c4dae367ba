#include "record/memory_sink.hpp"

#include <utility>

namespace alert40::record {

MemorySink::MemorySink(std::size_t limit)
    : limit_(limit) {}

void MemorySink::take(HandshakeRecord const& record) noexcept {
    keep(record);
}

void MemorySink::take(ConnectionFailureRecord const& record) noexcept {
    keep(record);
}

void MemorySink::take(LadderRecord const& record) noexcept {
    keep(record);
}

void MemorySink::take(DiagnosisRecord const& record) noexcept {
    keep(record);
}

std::vector<Record> MemorySink::recent() const {
    std::lock_guard const lock{mutex_};
    return {records_.begin(), records_.end()};
}

std::size_t MemorySink::taken() const {
    std::lock_guard const lock{mutex_};
    return taken_;
}

void MemorySink::keep(Record record) {
    std::lock_guard const lock{mutex_};
    ++taken_;
    if (records_.size() == limit_ && limit_ > 0) records_.pop_front();
    if (limit_ > 0) records_.push_back(std::move(record));
}

} // namespace alert40::record
