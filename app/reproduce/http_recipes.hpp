#pragma once

#include "app/reproduce/recipe.hpp"

/// TLS was fine, and what was spoken within it broke.
namespace alert40::app::reproduce {

bool has_exchange(RecordedFailure const& failed);
Made broken_exchange(RecordedFailure const& failed, Told const& told);

/// GOAWAY or RST_STREAM, with a code.
bool names_h2_code(RecordedFailure const& failed);
Made broken_http2(RecordedFailure const& failed, Told const& told);

/// The connection ended before the origin had said a word of HTTP/2.
bool reset_before_settings(RecordedFailure const& failed);
bool cut_before_settings(RecordedFailure const& failed);
Made closed_early(RecordedFailure const& failed, Told const& told);

/// A blow within HTTP: its words are the rule's own.
Made made_by_rule(RecordedFailure const& failed, Told const& told);

} // namespace alert40::app::reproduce
