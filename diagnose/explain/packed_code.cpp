#include "diagnose/explain/packed_code.hpp"

#include "diagnose/explain/words/openssl.hpp"

#include <algorithm>
#include <span>

namespace alert40::explain {

namespace {

constexpr std::uint32_t first_alert = 1000, alerts = 256;

std::optional<Subject> meant_by(std::uint32_t reason, std::span<words::Reason const> reasons) {
    if (reason >= first_alert && reason < first_alert + alerts)
        return static_cast<tls::AlertDescription>(reason - first_alert);
    auto const row = std::ranges::find(reasons, reason, &words::Reason::number);
    return row == reasons.end() ? std::nullopt : std::optional{row->subject};
}

} // namespace

std::optional<PackedCode> unpack(std::uint32_t code) {
    constexpr std::uint32_t openssl_1 = 0x14, openssl_3 = 20, boringssl = 0x10;
    auto const reason = code & 0xfff;
    if (code >> 24 == openssl_1)
        return PackedCode{Family::openssl_1, reason, meant_by(reason, words::openssl_reasons)};
    if (code >> 12 == boringssl << 12)
        return PackedCode{Family::boringssl, reason, meant_by(reason, words::boringssl_reasons)};
    if (code >> 23 == openssl_3) {
        auto const wide = code & 0x7fffff;
        return PackedCode{Family::openssl_3, wide, meant_by(wide, words::openssl_reasons)};
    }
    return std::nullopt;
}

} // namespace alert40::explain
