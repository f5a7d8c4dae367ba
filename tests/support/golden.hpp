#pragma once

#include "support/catch.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

namespace alert40::tests {

/// Compares with tests/golden/<path>. With ALERT40_UPDATE_GOLDEN=1 in the environment the file is written
/// instead: read the difference before it is committed.
inline void check_golden(std::string const& path, std::string const& actual) {
    auto const file = std::string{ALERT40_TESTS_DIR "/golden/"} + path;
    if (std::getenv("ALERT40_UPDATE_GOLDEN") != nullptr) {
        std::ofstream{file, std::ios::binary} << actual;
        return;
    }
    std::ifstream in{file, std::ios::binary};
    INFO(file);
    REQUIRE(in.good());
    std::string const expected{std::istreambuf_iterator<char>{in}, {}};
    CHECK(actual == expected);
}

} // namespace alert40::tests
