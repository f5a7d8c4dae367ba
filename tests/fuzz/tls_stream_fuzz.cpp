// One direction of a TLS connection, the first byte being the size of the pieces in which it comes: records
// and handshake messages are the same as when it comes at once.
#include "fuzz/demand.hpp"
#include "tls/wire/alert_message.hpp"
#include "tls/wire/handshake_message.hpp"
#include "tls/wire/record.hpp"

#include <algorithm>
#include <optional>
#include <vector>

using namespace alert40::tls::wire;
namespace fuzz = alert40::fuzz;

namespace {

struct Seen {
    std::vector<std::vector<std::uint8_t>> records;
    std::vector<std::vector<std::uint8_t>> messages;
    std::optional<Malformed> malformed_record;
    std::optional<Malformed> malformed_message;

    bool operator==(Seen const&) const = default;
};

Seen split(Bytes stream, std::size_t piece) {
    Seen seen;
    RecordSplitter records;
    HandshakeSplitter messages;
    for (std::size_t at = 0; at < stream.size(); at += piece) {
        auto const part = stream.subspan(at, std::min(piece, stream.size() - at));
        std::vector<std::uint8_t> const passing{part.begin(), part.end()};
        records.feed(passing);
        while (auto const record = records.next()) {
            fuzz::demand(record->fragment.size() == record->header.length);
            seen.records.emplace_back(record->fragment.begin(), record->fragment.end());
            static_cast<void>(parse_alert(record->fragment, alert40::tls::Direction::received));
            if (record->header.type != ContentType::handshake) continue;
            messages.feed(record->fragment);
            while (auto const message = messages.next())
                seen.messages.emplace_back(message->whole.begin(), message->whole.end());
        }
    }
    seen.malformed_record = records.malformed();
    seen.malformed_message = messages.malformed();
    return seen;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    if (size < 2) return 0;
    Bytes const stream{data + 1, size - 1};
    auto const piece = std::max<std::size_t>(data[0], 1);
    fuzz::demand(split(stream, piece) == split(stream, stream.size()));
    return 0;
}
