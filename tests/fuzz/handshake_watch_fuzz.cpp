// Both directions of a watched stream: two bytes that say who sends (the highest bit: the client) and how
// much, that much of the input, and so on. However the same bytes are cut, the watch tells the same; stages
// only go forward, and an end is only judged before the handshake has passed.
#include "fuzz/demand.hpp"
#include "tls/watch/handshake_watch.hpp"

#include <algorithm>
#include <string>
#include <vector>

using namespace alert40;
using tls::watch::HandshakeWatch;
using tls::watch::Stage;
using Bytes = tls::wire::Bytes;

namespace {

struct Piece {
    bool from_client;
    Bytes bytes;
};

std::vector<Piece> pieces_of(Bytes input) {
    std::vector<Piece> pieces;
    while (input.size() > 2) {
        auto const size = std::min<std::size_t>((input[0] & 0x7f) << 8 | input[1], input.size() - 2);
        pieces.push_back({input[0] >> 7 == 1, input.subspan(2, size)});
        input = input.subspan(2 + size);
    }
    return pieces;
}

std::string no_digest(std::string_view) {
    return std::string(64, '0');
}

std::vector<tls::CertificateSummary> sizes(std::span<Bytes const> chain) {
    std::vector<tls::CertificateSummary> summaries;
    for (auto const certificate : chain)
        summaries.push_back({.subject = std::to_string(certificate.size()),
                             .issuer = {},
                             .names = {},
                             .not_before = {},
                             .not_after = {},
                             .key = {},
                             .signature = {}});
    return summaries;
}

void check_ends(HandshakeWatch const& watch) {
    for (auto const who : {tls::By::downstream, tls::By::upstream})
        for (auto const kind : {tls::FailureKind::eof, tls::FailureKind::reset, tls::FailureKind::timeout})
            if (auto const failure = watch.ended(who, kind))
                fuzz::demand(!failure->detail.empty() && watch.stage() != Stage::not_tls &&
                             watch.stage() != Stage::passed);
}

HandshakeWatch watched(std::vector<Piece> const& pieces, std::size_t cut) {
    HandshakeWatch watch({.digests = {no_digest, no_digest}, .summarize = sizes});
    for (auto const& [from_client, bytes] : pieces)
        for (std::size_t at = 0; at < bytes.size(); at += cut) {
            auto const before = watch.stage();
            auto const part = bytes.subspan(at, std::min(cut, bytes.size() - at));
            std::vector<std::uint8_t> const passing(part.begin(), part.end()); // gone after the call
            from_client ? watch.client_sent(passing) : watch.server_sent(passing);
            fuzz::demand(watch.stage() >= before);
        }
    check_ends(watch);
    return watch;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const pieces = pieces_of({data, size});
    auto const whole = watched(pieces, size + 1);
    fuzz::demand(whole.failure().has_value() == (whole.stage() == Stage::failed));
    fuzz::demand(whole.hello_bytes().empty() == !whole.handshake().offered.has_value());
    for (std::size_t const cut : {1, 7, 100}) {
        auto const other = watched(pieces, cut);
        fuzz::demand(other.stage() == whole.stage() && other.done() == whole.done());
        fuzz::demand(other.phase() == whole.phase());
        fuzz::demand(other.handshake() == whole.handshake());
        fuzz::demand(std::ranges::equal(other.hello_bytes(), whole.hello_bytes()));
    }
    return 0;
}
