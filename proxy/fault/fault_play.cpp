#include "proxy/fault/fault_play.hpp"

#include "proxy/message/limits.hpp"
#include "record/ulid.hpp"
#include "tls/wire/alert_message.hpp"

#include <array>
#include <span>
#include <string_view>
#include <utility>

namespace alert40::proxy {

namespace fault = policy::fault;
using tls::FailureKind;
using tls::engine::Status;

namespace {

/// No record of TLS begins like this (RFC 8446 section 5.1), and no answer of HTTP.
constexpr std::array<std::uint8_t, 16> garbage{0xff, 0xfe, 0x00, 0xa5, 0x5a, 0x13, 0x37, 0x80,
                                               0x81, 0xc0, 0xde, 0x7f, 0x01, 0x99, 0x66, 0xf0};
constexpr std::string_view plain_answer =
    "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: 20\r\nConnection: close\r\n\r\n"
    "This is not for TLS\n";

void put(bytes::ByteQueue& output, std::string_view text) {
    output.append({reinterpret_cast<std::uint8_t const*>(text.data()), text.size()});
}

FailureKind kind_of(policy::FaultAction const& action) {
    return std::visit(fault::Each{
                          [](fault::Alert const&) { return FailureKind::alert; },
                          [](fault::Reset const&) { return FailureKind::reset; },
                          [](fault::Close const&) { return FailureKind::eof; },
                          [](fault::Silence const&) { return FailureKind::timeout; },
                          [](fault::Garbage const&) { return FailureKind::not_tls; },
                          [](fault::PlainHttp const&) { return FailureKind::not_tls; },
                          [](auto const&) { return FailureKind::library; }, // goes on, or is another's
                      },
                      action);
}

tls::Phase phase_of(policy::FaultPoint point) {
    switch (point) {
    case policy::FaultPoint::connect: return tls::Phase::connect;
    case policy::FaultPoint::finished: return tls::Phase::after;
    default: return tls::Phase::client_hello;
    }
}

tls::Failure failure_of(Blow const& blow, policy::FaultAction const& last) {
    tls::Failure failure{tls::By::injected, phase_of(blow.at), kind_of(last), std::nullopt, ""};
    if (auto const* alert = std::get_if<fault::Alert>(&last))
        failure.alert = tls::Alert{alert->level, alert->description, tls::Direction::sent};
    return failure;
}

} // namespace

FaultPlay::FaultPlay(std::unique_ptr<net::ByteStream> stream, Victim victim, Blow blow, record::Sink& sink,
                     Host& host)
    : stream_(std::move(stream))
    , victim_(std::move(victim))
    , blow_(std::move(blow))
    , sink_(sink)
    , host_(host)
    , deadline_(stream_->loop())
    , since_(stream_->loop().now()) {
    stream_->start(*this);
    stream_->pause_reading(true);
    stream_->flush_soon(); // the play begins when the host knows of it
}

void FaultPlay::on_flush() {
    if (!std::exchange(begun_, true)) play();
}

void FaultPlay::play() {
    while (next_ < blow_.actions.size()) {
        auto const& action = blow_.actions[next_++];
        if (policy::ends_it(action)) return end_by(action);
        if (auto const* delay = std::get_if<fault::Delay>(&action))
            return deadline_.arm(delay->time, [this] { play(); });
        say(action);
        stream_->flush_soon();
    }
    write_record(std::nullopt);
    over_ = true;
    stream_->pause_reading(false);
    host_.play_over(*this, std::move(stream_), victim_.target);
}

/// What could not be said, in a sentence.
std::string FaultPlay::say(policy::FaultAction const& action) {
    auto& output = stream_->output();
    return std::visit(fault::Each{
                          [&](fault::Alert const& alert) { return say_alert(alert); },
                          [&](fault::Garbage const&) {
                              output.append(garbage);
                              return std::string();
                          },
                          [&](fault::PlainHttp const&) {
                              put(output, plain_answer);
                              return std::string();
                          },
                          [](auto const&) { return std::string(); },
                      },
                      action);
}

std::string FaultPlay::say_alert(fault::Alert const& alert) {
    if (!stream_->is_tls()) {
        stream_->output().append(tls::wire::alert_record(alert.level, alert.description));
        return {};
    }
    return stream_->send_last_alert(alert.level, alert.description)
               ? ""
               : "FIN alone: no alert can be made with the version and the cipher that were agreed on";
}

void FaultPlay::end_by(policy::FaultAction const& action) {
    auto failure = failure_of(blow_, action);
    failure.detail = say(action);
    write_record(std::move(failure));
    if (std::holds_alternative<fault::Silence>(action)) return leave(limits::silence);
    if (std::holds_alternative<fault::Reset>(action)) {
        stream_->reset_at_end();
        return close();
    }
    auto const* const shut = std::get_if<fault::Close>(&action);
    if (shut && !shut->close_notify) stream_->leave_out_close_notify();
    stream_->close_after_output();
    leave(limits::leave_time);
}

void FaultPlay::write_record(std::optional<tls::Failure> failure) {
    if (blow_.at == policy::FaultPoint::finished) {
        if (failure) write_failure(*std::move(failure)); // else the handshake's record has said it all
        return;
    }
    record::HandshakeRecord record;
    auto const& entrance = *victim_.entrance;
    record.id = record::new_ulid();
    record.connection = record::new_ulid();
    record.time = std::chrono::system_clock::now();
    record.side = record::Side::downstream;
    record.mode = entrance.is_plain() ? "" : "intercept";
    record.listener = entrance.bound;
    record.rules = {blow_.rule};
    record.injected_by = blow_.rule;
    record.target.host = victim_.target.host;
    record.target.port = victim_.target.port;
    if (victim_.hello) record.client = victim_.hello->looks_like;
    if (victim_.hello) record.handshake.offered = victim_.hello->offered;
    for (auto const& action : blow_.actions) // the end is the failure
        if (!policy::ends_it(action))
            record.notes.push_back("injected: " + policy::fault_text(action, blow_.at));
    record.outcome = failure ? record::Outcome::failed : record::Outcome::passed;
    record.failure = std::move(failure);
    record.timing.total =
        std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - since_);
    sink_.take(record);
}

void FaultPlay::write_failure(tls::Failure failure) {
    record::ConnectionFailureRecord record;
    record.id = record::new_ulid();
    record.connection = record::new_ulid();
    record.time = std::chrono::system_clock::now();
    record.handshake = victim_.entrance->handshake;
    record.side = record::Side::downstream;
    record.target.host = victim_.target.host;
    record.target.port = victim_.target.port;
    record.failure = std::move(failure);
    record.injected_by = blow_.rule;
    sink_.take(record);
}

// ---- ends

/// Until the app has seen it and hung up: a FIN after which bytes are left unread would be a RST.
void FaultPlay::leave(std::chrono::steady_clock::duration at_most) {
    leaves_by_ = stream_->loop().now() + at_most;
    stream_->pause_reading(false);
}

void FaultPlay::on_readable() {
    thread_local std::array<std::uint8_t, 4096> nowhere;
    for (std::size_t i = 0; leaves_by_ && i < limits::reads_per_turn; ++i) {
        auto const status = stream_->read(nowhere).status;
        if (status == Status::want_input) return;
        if (status != Status::ok) return close();
    }
}

void FaultPlay::close() {
    if (std::exchange(over_, true)) return;
    host_.play_closed(*this);
}

void FaultPlay::on_tick(std::chrono::steady_clock::time_point now) {
    if (leaves_by_ && now >= *leaves_by_) close();
}

} // namespace alert40::proxy
