#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>

namespace alert40::record {

/// Makes ULIDs (https://github.com/ulid/spec): 48 bits of milliseconds, 80 bits of chance, 26 characters.
/// Each one sorts after the one before, within one millisecond and when the clock is set back too. Any
/// thread.
class UlidSource {
  public:
    std::string next(std::chrono::system_clock::time_point now);

  private:
    void draw();

    std::mutex mutex_;
    std::uint64_t milliseconds_ = 0;
    std::uint16_t high_ = 0; ///< the 80 bits of chance
    std::uint64_t low_ = 0;
};

/// The next one of this process, as of now.
std::string new_ulid();

} // namespace alert40::record
