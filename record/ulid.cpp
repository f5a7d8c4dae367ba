#include "record/ulid.hpp"

#include <random>
#include <string_view>

namespace alert40::record {

namespace {

constexpr std::string_view crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// 128 bits in 26 digits of 5 bits, the first one worth 3.
std::string encode(std::uint64_t upper, std::uint64_t lower) {
    std::string text(26, '0');
    for (auto digit = text.rbegin(); digit != text.rend(); ++digit) {
        *digit = crockford[lower & 31];
        lower = lower >> 5 | upper << 59;
        upper >>= 5;
    }
    return text;
}

} // namespace

std::string UlidSource::next(std::chrono::system_clock::time_point now) {
    auto const since_epoch = std::chrono::floor<std::chrono::milliseconds>(now.time_since_epoch()).count();
    auto const milliseconds = static_cast<std::uint64_t>(since_epoch) & 0xffff'ffff'ffff;
    std::lock_guard const lock{mutex_};
    if (milliseconds > milliseconds_) {
        milliseconds_ = milliseconds;
        draw();
    } else if (++low_ == 0 && ++high_ == 0) {
        ++milliseconds_;
        draw();
    }
    return encode(milliseconds_ << 16 | high_, low_);
}

void UlidSource::draw() {
    static thread_local std::random_device chance;
    high_ = static_cast<std::uint16_t>(chance());
    low_ = std::uint64_t{chance()} << 32 | chance();
}

std::string new_ulid() {
    static UlidSource source;
    return source.next(std::chrono::system_clock::now());
}

} // namespace alert40::record
