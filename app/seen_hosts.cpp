#include "app/seen_hosts.hpp"

#include "record/failure_text.hpp"

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

void count(SeenHost& host, std::string const& what, std::string const& next) {
    auto const same = std::ranges::find_if(
        host.failures, [&](auto const& failure) { return failure.what == what && failure.next == next; });
    if (same != host.failures.end())
        ++same->times;
    else if (host.failures.size() < SeenHosts::most_failures)
        host.failures.push_back({what, next, 1});
}

std::string failure_of(record::Side side, tls::Failure const& failure) {
    return (side == record::Side::downstream ? "with the app: " : "") + record::failure_text(failure);
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
    bool const counts = record.side == record::Side::upstream || record.failure;
    if (!counts || record.target.host.empty()) return;
    std::scoped_lock const lock(mutex_);
    auto* const host = at(record.target);
    if (!host) return;
    ++host->handshakes;
    if (record.failure)
        return count(*host, failure_of(record.side, *record.failure), record.next.value_or(""));
    ++host->established;
    host->negotiated = agreement(record);
}

void SeenHosts::take(record::ConnectionFailureRecord const& record) noexcept {
    std::scoped_lock const lock(mutex_);
    if (auto* const host = at(record.target))
        count(*host, failure_of(record.side, record.failure), record.next.value_or(""));
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
    for (auto const& old : earlier.failures)
        for (auto& failure : host.failures)
            if (failure.what == old.what && failure.next == old.next)
                failure.times -= std::min(failure.times, old.times);
    std::erase_if(host.failures, [](auto const& failure) { return failure.times == 0; });
    if (host.established == 0) host.negotiated.clear();
    return host.handshakes != 0 || !host.failures.empty();
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
