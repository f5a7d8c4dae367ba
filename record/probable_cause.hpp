#pragma once

#include "record/handshake_record.hpp"

#include <span>
#include <string>
#include <vector>

namespace alert40::record {

/// What the records of one ladder run make likely, from a table of signatures (cause_table.hpp). Nothing was
/// probed: where several causes fit, all of them are named, the more specific ones first.
struct ProbableCause {
    std::vector<std::string> names;    ///< "h2-refused": stable, for tools
    std::string verdict;               ///< one sentence, "Likely: ...; or ..."; empty where no signature fits
    std::vector<std::string> remedies; ///< the smallest change on the client first, then the server's fix

    bool operator==(ProbableCause const&) const = default;
};

/// Explains the first attempt that failed, in the light of the later ones. `failure`, where given, is what is
/// explained instead: what broke the connection that the last attempt had established.
ProbableCause probable_cause(std::span<HandshakeRecord const> attempts,
                             tls::Failure const* failure = nullptr);

} // namespace alert40::record
