#include "proxy/tunnel/watched_handshake.hpp"

#include "proxy/tunnel/app_hello.hpp"
#include "record/ulid.hpp"
#include "text/hex.hpp"

#include <utility>

namespace alert40::proxy {

using tls::By;
using tls::FailureKind;
using tls::watch::Stage;

namespace {

constexpr std::chrono::milliseconds answer_time{500}; // around the world, and some more

} // namespace

WatchedHandshake::WatchedHandshake(net::EventLoop& loop, record::Sink& sink, policy::Origin const& origin,
                                   policy::Decision const& decision, std::string listener)
    : sink_(sink)
    , watch_(watch_tools())
    , answer_(loop) {
    record_.id = record::new_ulid();
    record_.connection = record::new_ulid();
    record_.listener = std::move(listener);
    record_.rules = decision.rules;
    record_.mode = "watch";
    record_.target.host = origin.host;
    record_.target.port = origin.port;
}

void WatchedHandshake::dialled(net::DialReport report) {
    record_.time = report.started;
    record_.target.address = std::move(report.address);
    record_.target.resolver = std::move(report.resolver);
    record_.target.via = std::move(report.via);
    record_.timing = {report.resolve, report.connect, std::nullopt, report.total};
    if (report.failure) write(std::move(report.failure));
}

void WatchedHandshake::injected(std::string rule, std::vector<std::string> notes) {
    record_.injected_by = std::move(rule);
    record_.notes = std::move(notes);
}

bool WatchedHandshake::client_sent(std::span<std::uint8_t const> bytes) {
    if (!written_) watch_.client_sent(bytes);
    return settle();
}

bool WatchedHandshake::server_sent(std::span<std::uint8_t const> bytes) {
    if (written_) return false;
    if (!record_.timing.first_byte)
        record_.timing.first_byte =
            std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - started_);
    watch_.server_sent(bytes);
    return settle();
}

void WatchedHandshake::app_ended() {
    if (!written_) answer_.arm(answer_time, [this] { ended(By::downstream, FailureKind::eof); });
}

void WatchedHandshake::ended(tls::By who, tls::FailureKind kind) {
    if (written_) return;
    if (who == By::injected) return write(tls::Failure{who, watch_.phase(), kind, std::nullopt, ""});
    bool const app_was_first = answer_.armed();
    write(app_was_first ? watch_.ended(By::downstream, FailureKind::eof) : watch_.ended(who, kind));
}

bool WatchedHandshake::settle() {
    if (!written_ && watch_.done()) write(watch_.failure());
    return !written_;
}

void WatchedHandshake::write(std::optional<tls::Failure> failure) {
    written_ = true;
    answer_.disarm();
    record_.handshake = watch_.handshake();
    if (auto const hello = app_hello(watch_)) record_.client = hello->looks_like;
    if (failure) record_.client_hello = text::hex(watch_.hello_bytes());
    record_.outcome = failure ? record::Outcome::failed : record::Outcome::passed;
    record_.failure = std::move(failure);
    record_.timing.total = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - started_);
    bool const nothing_passed =
        !record_.failure && watch_.stage() == Stage::undecided; // opened and closed: no handshake was tried
    if (!nothing_passed) sink_.take(record_);
}

} // namespace alert40::proxy
