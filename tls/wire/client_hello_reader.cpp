#include "tls/wire/client_hello_reader.hpp"

namespace alert40::tls::wire {

using State = ClientHelloReader::State;

State ClientHelloReader::feed(Bytes piece) {
    if (state_ != State::incomplete) return state_;
    bool const begins = wire_size_ == 0 && !records_.within_record() && !piece.empty();
    if (begins && piece.front() != static_cast<std::uint8_t>(ContentType::handshake))
        return state_ = State::not_a_hello;
    records_.feed(piece);
    while (state_ == State::incomplete) {
        auto const record = records_.next();
        if (!record) break;
        state_ = take(*record);
    }
    if (records_.malformed()) state_ = State::not_a_hello;
    return state_;
}

State ClientHelloReader::take(Record const& record) {
    if (record.header.type != ContentType::handshake) return State::not_a_hello;
    if (wire_size_ == 0) legacy_record_version_ = record.header.legacy_version;
    wire_size_ += record_header_size + record.fragment.size();
    messages_.feed(record.fragment);
    auto const message = messages_.next();
    if (messages_.malformed() || wire_size_ > most) return State::not_a_hello;
    if (!message) return State::incomplete;
    bool const alone = message->type == HandshakeType::client_hello;
    body_.assign(message->body.begin(), message->body.end());
    return alone && !messages_.next() && !messages_.within_message() ? State::whole : State::not_a_hello;
}

} // namespace alert40::tls::wire
