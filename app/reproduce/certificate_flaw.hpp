#pragma once

#include "app/reproduce/recorded_failure.hpp"
#include "tls/flaw.hpp"

#include <optional>
#include <string>

namespace alert40::app::reproduce {

struct JudgedFlaw {
    tls::Flaw flaw;
    std::string because; ///< "it ended 2026-01-01T00:00:00Z"
};

/// What was wrong with the certificate that was refused, as far as the record shows it; nothing where it does
/// not: TLS 1.3 encrypts certificates, and a watch does not see them.
std::optional<JudgedFlaw> judged_flaw(RecordedFailure const& failed);

} // namespace alert40::app::reproduce
