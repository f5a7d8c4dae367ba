#include "app/seen_hosts.hpp"

#include "record/failure_text.hpp"
#include "record/probable_cause.hpp"

#include <algorithm>

namespace alert40::app {

namespace {

std::string agreement(record::HandshakeRecord const& record) {
    bool const passed = record.outcome == record::Outcome::passed;
    auto const& negotiated = record.handshake.negotiated;
    if (!negotiated && passed) return record.handshake.offered ? "passed, unreadable" : "passed, not TLS";
    if (!negotiated) return {};
    auto const version = "TLS " + negotiated->version;
    if (passed && negotiated->alpn.empty()) return version + " watched"; // 1.3 tells no more
    return version + ' ' + (negotiated->alpn.empty() ? "no ALPN" : negotiated->alpn);
}

void count(SeenHost& host, SeenHost::Failure what) {
    auto const same = std::ranges::find_if(
        host.failures, [&](auto const& one) { return one.what == what.what && one.next == what.next; });
    if (same != host.failures.end()) {
        ++same->times;
        same->hint = std::move(what.hint);
    } else if (host.failures.size() < SeenHosts::most_failures)
        host.failures.push_back(std::move(what));
}

std::string words_for(record::Side side, tls::Failure const& failure, record::Role role) {
    return (side == record::Side::downstream ? "with the app: " : "") + record::failure_text(failure, role);
}

/// Of a dial the ladder takes care, as in the log.
std::string hint_of(record::HandshakeRecord const& record, record::Role role) {
    if (role == record::Role::dialled) return {};
    auto const remedies = record::probable_cause({&record, 1}).remedies;
    return remedies.empty() ? std::string() : remedies.front();
}

SeenHost::Failure failure_of(record::HandshakeRecord const& record) {
    auto const role = record::role_in(record);
    return {words_for(record.side, *record.failure, role), record.next.value_or(""), 1,
            hint_of(record, role)};
}

SeenHost::Failure failure_of(record::ConnectionFailureRecord const& record) {
    bool const app = record.side == record::Side::downstream;
    auto const role = app ? record::Role::served : record::Role::dialled;
    return {words_for(record.side, record.failure, role), record.next.value_or(""), 1, {}};
}

} // namespace

SeenHost* SeenHosts::at(record::Target const& target) {
    auto const key = std::pair(target.host, target.port);
    auto found = hosts_.find(key);
    if (found == hosts_.end()) {
        if (hosts_.size() == most_hosts) return nullptr;
        SeenHost host;
        host.host = target.host;
        host.port = target.port;
        found = hosts_.emplace(key, std::move(host)).first;
    }
    return &found->second;
}

void SeenHosts::take(record::HandshakeRecord const& record) noexcept {
    if (record.target.host.empty()) return;
    std::scoped_lock const lock(mutex_);
    auto* const host = at(record.target);
    if (!host) return;
    if (record.side == record::Side::downstream && !record.failure) {
        ++host->intercepted;
        return;
    }
    ++host->handshakes;
    if (record.failure) return count(*host, failure_of(record));
    ++host->established;
    host->negotiated = agreement(record);
}

void SeenHosts::take(record::ConnectionFailureRecord const& record) noexcept {
    std::scoped_lock const lock(mutex_);
    if (auto* const host = at(record.target)) count(*host, failure_of(record));
}

std::vector<SeenHost> SeenHosts::hosts() const {
    std::scoped_lock const lock(mutex_);
    std::vector<SeenHost> all;
    for (auto const& [key, host] : hosts_)
        all.push_back(host);
    return all;
}

namespace {

/// Subtracts; false where nothing is left.
bool subtract(SeenHost& host, SeenHost const& earlier) {
    host.handshakes -= std::min(host.handshakes, earlier.handshakes);
    host.established -= std::min(host.established, earlier.established);
    host.intercepted -= std::min(host.intercepted, earlier.intercepted);
    for (auto const& old : earlier.failures)
        for (auto& failure : host.failures)
            if (failure.what == old.what && failure.next == old.next)
                failure.times -= std::min(failure.times, old.times);
    std::erase_if(host.failures, [](auto const& failure) { return failure.times == 0; });
    if (host.established == 0) host.negotiated.clear();
    return host.handshakes != 0 || host.intercepted != 0 || !host.failures.empty();
}

} // namespace

std::vector<SeenHost> since(std::vector<SeenHost> const& before, std::vector<SeenHost> now) {
    std::erase_if(now, [&](SeenHost& host) {
        auto const earlier = std::ranges::find_if(
            before, [&](auto const& one) { return one.host == host.host && one.port == host.port; });
        return earlier != before.end() && !subtract(host, *earlier);
    });
    return now;
}

} // namespace alert40::app
