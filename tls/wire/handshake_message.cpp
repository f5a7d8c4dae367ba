#include "tls/wire/handshake_message.hpp"

namespace alert40::tls::wire {

std::optional<HandshakeMessage> HandshakeSplitter::next() {
    auto const whole = frames_.next([](Bytes header) -> Result<std::size_t> {
        bytes::Reader in{header};
        in.u8(); // type
        auto const length = in.u24();
        if (length > max_handshake_message) return Malformed{Malformed::What::too_long, 1};
        return std::size_t{length};
    });
    if (!whole) return std::nullopt;
    return HandshakeMessage{static_cast<HandshakeType>(whole->front()), whole->subspan(handshake_header_size),
                            *whole};
}

} // namespace alert40::tls::wire
