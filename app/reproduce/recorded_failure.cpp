#include "app/reproduce/recorded_failure.hpp"

#include "record/failure_text.hpp"
#include "record/printable.hpp"

#include <algorithm>

namespace alert40::app::reproduce {

namespace {

using record::ConnectionFailureRecord;
using record::HandshakeRecord;
using record::Record;

bool same_origin(record::Target const& a, record::Target const& b) {
    return a.host == b.host && a.port == b.port;
}

HandshakeRecord const* handshake_of(RecordsOfFile const& file, std::string_view id) {
    for (auto const& record : file.records)
        if (auto const* one = std::get_if<HandshakeRecord>(&record); one && one->id == id) return one;
    return nullptr;
}

/// A record of a failure that stands alone: of the handshake it says only with whom it was.
HandshakeRecord handshake_before(RecordsOfFile const& file, ConnectionFailureRecord const& broken) {
    if (auto const* known = handshake_of(file, broken.handshake)) return *known;
    HandshakeRecord handshake;
    handshake.side = broken.side;
    handshake.time = broken.time;
    handshake.target = broken.target;
    handshake.profile = broken.profile;
    if (broken.side == record::Side::downstream) handshake.mode = "intercept";
    return handshake;
}

RecordedFailure refused_without_a_word(RecordsOfFile const& file, HandshakeRecord const& handshake) {
    tls::Failure failure{tls::By::downstream, tls::Phase::after, tls::FailureKind::eof, std::nullopt,
                         "the app finished the handshake, and refused the certificate then, as was said"};
    return {handshake, handshake.id, std::move(failure), true, handshake.injected_by, {}, file.captured, {}};
}

std::optional<RecordedFailure> failure_in(RecordsOfFile const& file, Record const& record,
                                          Taken taken = Taken::failures) {
    if (auto const* handshake = std::get_if<HandshakeRecord>(&record)) {
        if (!handshake->failure && taken == Taken::finished_handshakes)
            return refused_without_a_word(file, *handshake);
        if (!handshake->failure) return std::nullopt;
        return RecordedFailure{
            *handshake, handshake->id, *handshake->failure, false, handshake->injected_by, {}, file.captured,
            {}};
    }
    if (auto const* broken = std::get_if<ConnectionFailureRecord>(&record))
        return RecordedFailure{handshake_before(file, *broken),
                               broken->id,
                               broken->failure,
                               true,
                               broken->injected_by,
                               broken->exchange,
                               file.captured,
                               {}};
    return std::nullopt;
}

std::string const& id_of(Record const& record) {
    return std::visit([](auto const& one) -> std::string const& { return one.id; }, record);
}

std::string nothing_failed(RecordsOfFile const& file) {
    return file.records.empty()
               ? "there is no record in it"
               : "none of its " + std::to_string(file.records.size()) + " records is of a failure";
}

} // namespace

std::vector<std::string> failures_in(RecordsOfFile const& file) {
    std::vector<std::string> lines;
    for (auto const& record : file.records)
        if (auto const failed = failure_in(file, record))
            lines.push_back(record::printable(failed->id + "  " + failed->handshake.target.host + ':' +
                                              std::to_string(failed->handshake.target.port) + "  " +
                                              failure_text(failed->failure, failed->role())));
    return lines;
}

Chosen choose(RecordsOfFile const& file, std::string_view id, Taken taken) {
    std::optional<RecordedFailure> chosen;
    bool known = false;
    for (auto const& record : file.records) {
        bool const wanted = id.empty() || id_of(record) == id;
        known = known || wanted;
        if (!wanted) continue;
        if (auto failed = failure_in(file, record, taken)) chosen = std::move(failed);
    }
    if (!chosen && id.empty()) return {std::nullopt, nothing_failed(file)};
    if (!chosen)
        return {
            std::nullopt,
            known ? "the record " + std::string(id) +
                        " is of no failure; where the app failed all the same, over the certificate that it "
                        "was shown, say with --certificate what was wrong with that"
                  : "there is no record " + std::string(id) + " in it; --list shows those of failures"};
    for (auto const& record : file.records)
        if (auto const* other = std::get_if<HandshakeRecord>(&record);
            other && other->id != chosen->handshake.id &&
            same_origin(other->target, chosen->handshake.target))
            chosen->others.push_back(*other);
    return {std::move(chosen), {}};
}

} // namespace alert40::app::reproduce
