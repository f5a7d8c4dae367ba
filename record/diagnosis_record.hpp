#pragma once

#include "tls/failure.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace alert40::record {

/// What can be done, and by whom.
struct DiagnosedRemedy {
    std::string who;   ///< "now", "curl", "nginx"
    std::string what;  ///< what can be pasted stands in backticks
    bool weak = false; ///< below BCP 195 (RFC 9325)

    bool operator==(DiagnosedRemedy const&) const = default;
};

/// What a diagnosis in the background came to. docs/records.md defines each field.
struct DiagnosisRecord {
    std::string id; ///< ULID
    std::chrono::system_clock::time_point time;
    std::string target;   ///< "https://api.example.com"
    std::string profile;  ///< that it began with
    tls::Failure failure; ///< of the ladder that it was made for
    std::string
        outcome; ///< "fails", "unmendable", "intermittent"; "healthy", "noticed": it works now; "unknown"
    std::vector<std::string> causes;
    std::string verdict; ///< one sentence, without its end
    std::string confidence;
    std::vector<std::string> mended_by;
    std::vector<DiagnosedRemedy> remedies;
    std::vector<std::string> evidence;
    std::uint32_t handshakes = 0;
    std::string policy;  ///< TOML that gets through; empty: there is none
    std::string stopped; ///< why it ended early; empty: it did not
    std::string command; ///< what says more

    bool operator==(DiagnosisRecord const&) const = default;
};

/// It found out why the target fails.
bool explains(DiagnosisRecord const& diagnosis);
/// "nginx: `ssl_protocols ...`".
std::string text_of(DiagnosedRemedy const& remedy);

} // namespace alert40::record
