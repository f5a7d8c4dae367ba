#pragma once

#include "app/reproduce/records_of_file.hpp"
#include "record/role.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace alert40::app::reproduce {

/// One failure that was recorded, and what else is known of handshakes with the same origin.
struct RecordedFailure {
    record::HandshakeRecord handshake; ///< that failed, or that the connection which failed began with
    std::string id;                    ///< of the record with the failure
    tls::Failure failure;
    bool after_handshake = false; ///< it is of a `connection_failure` record
    std::string injected_by;      ///< it was made on purpose, by this rule; empty: it was not
    std::optional<record::ExchangeFacts> exchange; ///< what failed is one request and its answer
    bool captured = false; ///< seen in packets: the app spoke to no proxy, or to another one
    /// With the same host and port, this one left out.
    std::vector<record::HandshakeRecord> others;

    record::Role role() const { return role_in(handshake); }
};

/// The error is one line that says what there is instead.
struct Chosen {
    std::optional<RecordedFailure> failure;
    std::string error; ///< exactly where there is none
};

/// What is taken for a failure: the last one is chosen, or the one of that id.
enum class Taken : std::uint8_t {
    failures,
    /// A handshake that an app finished as well: some look at the name in a certificate only then, and leave
    /// without a word when they refuse it.
    finished_handshakes,
};

Chosen choose(RecordsOfFile const& file, std::string_view id, Taken taken = Taken::failures);

/// A line for each failure, to choose from: id, host and port, what happened.
std::vector<std::string> failures_in(RecordsOfFile const& file);

} // namespace alert40::app::reproduce
