#include "app/capture/connection.hpp"

#include "policy/host_name.hpp"
#include "proxy/tunnel/app_hello.hpp"
#include "text/hex.hpp"

#include <charconv>

namespace alert40::app::capture {

namespace {

using tls::By;
using tls::Failure;
using tls::FailureKind;
using tls::Phase;
using tls::watch::Stage;

/// Who has no answer for so long is not only waiting for the next packet.
constexpr std::chrono::seconds silence{1};

Failure before_tls(Phase phase, FailureKind kind, std::string detail) {
    return {By::upstream, phase, kind, std::nullopt, std::move(detail)};
}

std::chrono::microseconds span(Time from, Time to) {
    return std::max(std::chrono::microseconds{0},
                    std::chrono::duration_cast<std::chrono::microseconds>(to - from));
}

/// "api.example.com:443" of a CONNECT; the port stays where none can be read.
void read_authority(std::string_view text, record::Target& target) {
    auto const colon = text.rfind(':');
    auto host = text.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    if (auto const name = policy::to_a_label(host))
        target.host = *name;
    else if (auto const literal = policy::to_ip_literal(host))
        target.host = *literal;
    if (colon == std::string_view::npos) return;
    auto const digits = text.substr(colon + 1);
    std::from_chars(digits.data(), digits.data() + digits.size(), target.port);
}

} // namespace

Connection::Connection(Segment const& first, Time time)
    : client_(first.from)
    , server_(first.to)
    , first_sequence_(first.sequence)
    , syn_seen_(first.syn)
    , begun_(time)
    , last_(time)
    , watch_(proxy::watch_tools()) {
    if (!first.syn) stood_ = time;
}

void Connection::take(Segment const& segment, Time time) {
    bool const client = from_client(segment);
    last_ = time;
    if (segment.syn && client) ++syns_;
    if (segment.syn && !client && !stood_) {
        stood_ = time;
        accepted_ = true;
    }
    auto& way = client ? up_ : down_;
    for (auto const piece : way.take(segment))
        pass(client, piece, time);
    note_end(segment, client);
    if (end_ && !over_) over_ = time;
}

void Connection::pass(bool from_client, Bytes bytes, Time time) {
    bool const before = preface_.over();
    auto const said = from_client ? preface_.client_sent(bytes) : preface_.server_sent(bytes);
    if (!before && preface_.over() && !from_client) stood_ = time; // by way of the proxy
    if (said.empty()) return;
    auto& first = from_client ? hello_ : answered_;
    if (!first) first = time;
    from_client ? watch_.client_sent(said) : watch_.server_sent(said);
}

void Connection::note_end(Segment const& segment, bool from_client) {
    if (end_) return;
    auto const who = from_client ? By::downstream : By::upstream;
    if (segment.rst)
        end_ = End{who, FailureKind::reset};
    else if ((from_client ? up_ : down_).ended())
        end_ = End{who, FailureKind::eof};
}

bool Connection::is_another(Segment const& syn) const {
    return syn_seen_ && syn.sequence != first_sequence_;
}

bool Connection::incomplete() const {
    return up_.has_gap() || down_.has_gap();
}

std::optional<Failure> Connection::failure_before_tls() const {
    if (!preface_.refusal().empty())
        return before_tls(Phase::proxy_connect, FailureKind::refused,
                          "the proxy answered CONNECT with \"" + preface_.refusal() + '"');
    if (!syn_seen_ || hello_) return std::nullopt;
    bool const ended_by_server = end_ && end_->who == By::upstream;
    if (accepted_) {
        // Later, it would be an app that had connected in advance.
        if (!ended_by_server || *over_ - *stood_ >= silence) return std::nullopt;
        return before_tls(Phase::client_hello, end_->kind,
                          "the server hung up before the app had said anything");
    }
    if (ended_by_server && end_->kind == FailureKind::reset)
        return before_tls(Phase::connect, FailureKind::refused, "");
    if (!end_ && syns_ > 1) return before_tls(Phase::connect, FailureKind::timeout, "");
    return std::nullopt;
}

/// The app has said its hello, and the capture went on without an answer.
bool Connection::left_waiting(Time last_packet) const {
    return !end_ && watch_.stage() == Stage::hello && !answered_ && last_packet - *hello_ >= silence;
}

std::optional<Failure> Connection::failure(Time last_packet) const {
    if (auto early = failure_before_tls()) return early;
    if (auto told = watch_.failure()) return told;
    if (!stood_ || incomplete()) return std::nullopt;
    if (end_) return watch_.ended(end_->who, end_->kind);
    if (left_waiting(last_packet)) return watch_.ended(By::upstream, FailureKind::timeout);
    return std::nullopt;
}

record::Target Connection::target() const {
    record::Target target;
    target.address = server_.address_text();
    target.port = server_.port;
    target.via = "direct";
    if (!preface_.target().empty()) {
        read_authority(preface_.target(), target);
        target.via = "http://" + target.address + ':' + std::to_string(server_.port);
        target.address.clear(); // the proxy knows it
    }
    auto const& offered = watch_.handshake().offered;
    bool const named = !target.host.empty() && !policy::to_ip_literal(target.host);
    if (!named && offered && !offered->server_name.empty())
        if (auto const name = policy::to_a_label(offered->server_name)) target.host = *name;
    if (target.host.empty()) target.host = target.address;
    return target;
}

record::Timing Connection::timing() const {
    record::Timing timing;
    if (stood_) timing.connect = span(begun_, *stood_);
    if (answered_) timing.first_byte = span(begun_, *answered_);
    timing.total = span(begun_, over_ ? *over_ : last_);
    return timing;
}

std::optional<record::HandshakeRecord> Connection::record(std::string id, Time last_packet) const {
    record::HandshakeRecord record;
    record.failure = failure(last_packet);
    bool const tried = hello_ && watch_.stage() != Stage::not_tls;
    if (!tried && !record.failure) return std::nullopt; // opened and closed, or something else than TLS
    record.id = std::move(id);
    record.time = begun_;
    record.mode = "watch";
    record.target = target();
    record.handshake = watch_.handshake();
    if (auto const hello = proxy::app_hello(watch_)) record.client = hello->looks_like;
    if (record.failure) record.client_hello = text::hex(watch_.hello_bytes());
    record.outcome = record.failure ? record::Outcome::failed : record::Outcome::passed;
    record.timing = timing();
    if (incomplete()) record.notes.emplace_back("bytes are missing in the capture");
    return record;
}

} // namespace alert40::app::capture
