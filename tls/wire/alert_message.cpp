#include "tls/wire/alert_message.hpp"

#include "tls/wire/record.hpp"

namespace alert40::tls::wire {

Result<Alert> parse_alert(Bytes fragment, Direction direction) {
    bytes::Reader in{fragment};
    auto const level = static_cast<AlertLevel>(in.u8());
    auto const description = static_cast<AlertDescription>(in.u8());
    if (!in.finished()) return malformed(in);
    if (level != AlertLevel::warning && level != AlertLevel::fatal)
        return Malformed{Malformed::What::illegal_value, 0};
    return Alert{level, description, direction};
}

std::array<std::uint8_t, 7> alert_record(AlertLevel level, AlertDescription description) {
    constexpr auto type = static_cast<std::uint8_t>(ContentType::alert);
    return {type, 3, 1, 0, 2, static_cast<std::uint8_t>(level), static_cast<std::uint8_t>(description)};
}

std::array<std::uint8_t, 7> fatal_alert_record(AlertDescription description) {
    return alert_record(AlertLevel::fatal, description);
}

} // namespace alert40::tls::wire
