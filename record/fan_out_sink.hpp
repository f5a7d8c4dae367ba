#pragma once

#include "record/sink.hpp"

#include <vector>

namespace alert40::record {

/// Hands each record to several sinks, in their order. The sinks outlive it.
class FanOutSink final : public Sink {
  public:
    explicit FanOutSink(std::vector<Sink*> sinks);
    void take(HandshakeRecord const& record) noexcept override;
    void take(ConnectionFailureRecord const& record) noexcept override;
    void take(LadderRecord const& record) noexcept override;
    void take(DiagnosisRecord const& record) noexcept override;

  private:
    std::vector<Sink*> sinks_;
};

} // namespace alert40::record
