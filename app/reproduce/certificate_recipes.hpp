#pragma once

#include "app/reproduce/recipe.hpp"

/// An app refused the certificate that it was shown.
namespace alert40::app::reproduce {

Made certificate(RecordedFailure const& failed, Told const& told);
/// It was alert40 that showed it.
Made distrust(RecordedFailure const& failed, Told const& told);

/// The notes name the flaw that a fault made.
bool has_flaw_in_notes(RecordedFailure const& failed);
Made injected_flaw(RecordedFailure const& failed, Told const& told);

} // namespace alert40::app::reproduce
