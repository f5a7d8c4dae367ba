#include "tls/watch/hidden_record.hpp"

#include "tls/watch/message_name.hpp"

namespace alert40::tls::watch {
namespace {

// Sizes of TLS 1.3 (RFC 8446 sections 5.2, 4.4.4, B.4): an encrypted record holds its content, one byte of
// type, and a tag. Java pads what is no data by 16 bytes; others pad nothing.
constexpr std::uint16_t aes_256_gcm_sha384 = 0x1302;
constexpr std::uint16_t aes_128_ccm_8_sha256 = 0x1305;

constexpr std::size_t size_with(std::size_t content, std::uint16_t suite) {
    return content + 1 + (suite == aes_128_ccm_8_sha256 ? 8 : 16);
}

constexpr std::size_t padding_of_java = 16;

constexpr std::size_t alert_record(std::uint16_t suite) {
    return size_with(2, suite);
}

bool may_be_finished(std::size_t record, std::uint16_t suite) {
    auto const hash = suite == aes_256_gcm_sha384 ? 48u : 32u;
    auto const size = size_with(wire::handshake_header_size + hash, suite);
    return record == size || record == size + padding_of_java;
}

} // namespace

/// TLS 1.3 hides even the types of what it encrypts, and leaves order and size. A client that is content
/// answers the whole flight of the server with (its certificate and) Finished: its first encrypted record
/// that has not the size of an alert. One that refuses sends an alert and nothing else. While early data may
/// still be on its way only a record of the very size of a Finished is taken for it. The handshake has passed
/// when the client has gone on after its Finished, and the server after the client's, both by more than an
/// alert: the client may still dislike the certificate, and the server miss one (alert 116).
void note_hidden_record(Course& course, Sender sender, std::size_t size) {
    auto& client = course.client;
    auto& server = course.server;
    auto& from = course.hidden(sender);
    auto const alert = alert_record(course.cipher_suite);
    auto const first_of_client = sender == Sender::client && !client.finished && !course.early_data;
    from.begun = true;
    from.alerted = size == alert || (first_of_client && size == alert + padding_of_java);
    if (from.alerted) {
        if (sender == Sender::client && client.finished && !client.more && !server.more)
            course.left_at_once = true;
        return;
    }
    if (sender == Sender::server) {
        server.more = client.finished;
        if (!client.finished) course.last = "the server's first flight";
    } else if (client.finished) {
        client.more = true;
    } else if (!course.early_data || may_be_finished(size, course.cipher_suite)) {
        client.finished = true;
        client.more = !may_be_finished(size, course.cipher_suite); // with a certificate in front
        course.phase = Phase::finished;
        course.last = name_of_finished(Sender::client);
    }
    if (client.more && server.more) course.stage = Stage::passed;
}

} // namespace alert40::tls::watch
