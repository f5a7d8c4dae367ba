#pragma once

#include "record/handshake_record.hpp"

namespace alert40::record {

/// Takes what happened. Called from any worker thread; must not throw. When `take` returns, the record is
/// written.
class Sink {
  public:
    virtual ~Sink() = default;
    virtual void take(HandshakeRecord const& record) noexcept = 0;
    virtual void take(ConnectionFailureRecord const& record) noexcept = 0;
    virtual void take(LadderRecord const& record) noexcept = 0;
    virtual void take(DiagnosisRecord const& record) noexcept = 0;
};

} // namespace alert40::record
