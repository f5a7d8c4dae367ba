#pragma once

#include "diagnose/explain/words/speaker.hpp"
#include "diagnose/explain/words/subject.hpp"
#include "tls/failure.hpp"

#include <optional>
#include <string_view>
#include <variant>

/// One row of words/: a piece of text by which a failure is known.
namespace alert40::explain {

/// How much a sign says. Of several signs in one message the heaviest is what it speaks of.
enum class Weight : std::uint8_t {
    aside,   ///< nothing of what failed, but of the side, the phase or the program
    wrapped, ///< something failed; other words say what
    cut,     ///< how the connection ended
    vague,   ///< what failed, but not how
    plain,   ///< what failed
};

/// What stands behind the sign, and has to be read to know the subject.
enum class Read : std::uint8_t {
    alert_number,  ///< "40"
    alert_name,    ///< "handshake failure", "HandshakeFailure"
    alert_traced,  ///< "handshake failure (552)", as curl -v has it
    packed,        ///< "0A000410", "0x14094410"
    nss,           ///< "-12286"
    apple,         ///< "-9824"
    net_error,     ///< "-113"
    curl_exit,     ///< "35"
    http2_error,   ///< "INTERNAL_ERROR", "NGHTTP2_INTERNAL_ERROR", "2", "0x2"
    http2_name,    ///< of these the names only
    http2_numbered ///< "1; INTERNAL_ERROR": behind the number of a stream
};

/// `text` is matched as `folded` writes it: in small letters, '_' and '-' as spaces. Where it begins or ends
/// with a letter or digit, so does the word in the message.
struct Sign {
    std::string_view text;
    std::variant<std::monostate, Subject, Read> says = {};
    Weight weight = Weight::plain;
    Side side = Side::unknown;
    std::optional<tls::Phase> phase = {};
    bool sent = false; ///< of an alert: by who wrote the message
};

/// One that says nothing of what failed.
constexpr Sign aside(std::string_view text, Side side = Side::unknown, std::optional<tls::Phase> phase = {}) {
    return {text, {}, Weight::aside, side, phase};
}

constexpr char folded(char c) {
    if (c >= 'A' && c <= 'Z') return static_cast<char>(c - 'A' + 'a');
    return c == '_' || c == '-' || c == '\t' ? ' ' : c;
}

constexpr bool part_of_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

} // namespace alert40::explain
