#pragma once

#include "diagnose/explain/explanation.hpp"
#include "support/catch.hpp"

#include <fstream>
#include <string>
#include <string_view>

namespace alert40::tests {

/// Made once: that costs more than any test.
inline explain::Scanner const& scanner() {
    static explain::Scanner const one;
    return one;
}

inline explain::FailureLog read_log(std::string_view text) {
    explain::FailureLog log{scanner()};
    for (; !text.empty(); text.remove_prefix(std::min(text.size(), text.find('\n') + 1))) {
        log.add(text.substr(0, text.find('\n')));
        if (text.find('\n') == std::string_view::npos) break;
    }
    log.finish();
    return log;
}

/// "alert 40 received", "certificate_expired".
inline std::string in_short(explain::SeenFailure const& failure) {
    auto const& sighting = failure.sighting;
    if (!sighting.subject.is_alert()) return explain::explain(failure).name;
    auto text = "alert " + std::to_string(sighting.subject.number());
    if (sighting.direction) text.append(" ").append(name_of(*sighting.direction));
    return text;
}

/// All failures of a text, each in short; "nothing" where there is none.
inline std::string all_in_short(std::string_view text) {
    auto const log = read_log(text);
    std::string all;
    for (auto const& failure : log.failures())
        all.append(all.empty() ? "" : ", ").append(in_short(failure));
    return all.empty() ? "nothing" : all;
}

inline std::string text_of_file(std::string const& path) {
    std::ifstream in{path, std::ios::binary};
    INFO(path);
    REQUIRE(in.good());
    return {std::istreambuf_iterator<char>{in}, {}};
}

} // namespace alert40::tests
