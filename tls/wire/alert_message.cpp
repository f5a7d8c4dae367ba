#include "tls/wire/alert_message.hpp"

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

} // namespace alert40::tls::wire
