#include "record/fan_out_sink.hpp"

#include <utility>

namespace alert40::record {

FanOutSink::FanOutSink(std::vector<Sink*> sinks)
    : sinks_(std::move(sinks)) {}

void FanOutSink::take(HandshakeRecord const& record) noexcept {
    for (auto* const sink : sinks_)
        sink->take(record);
}

void FanOutSink::take(LadderRecord const& record) noexcept {
    for (auto* const sink : sinks_)
        sink->take(record);
}

void FanOutSink::take(DiagnosisRecord const& record) noexcept {
    for (auto* const sink : sinks_)
        sink->take(record);
}

void FanOutSink::take(ConnectionFailureRecord const& record) noexcept {
    for (auto* const sink : sinks_)
        sink->take(record);
}

} // namespace alert40::record
