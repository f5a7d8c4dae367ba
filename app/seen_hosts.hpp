#pragma once

#include "record/sink.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace alert40::app {

/// One host as the handshakes with it tell.
struct SeenHost {
    struct Failure {
        std::string what; ///< in the words of the log: "alert 40 handshake_failure from the server ..."
        std::string next; ///< "retry", a profile's name; empty: it was the end
        std::size_t times = 0;
        std::string hint; ///< the first words on how an app's handshake is mended; empty: there are none

        bool operator==(Failure const&) const = default;
    };

    std::string host;
    std::uint16_t port = 0;
    std::size_t handshakes = 0; ///< those with the origin, and those that the app broke off with us
    std::size_t established = 0;
    std::size_t intercepted =
        0;                  ///< handshakes of apps that ended well here; the origin's may be an older one
    std::string negotiated; ///< the last time: "TLS 1.3 h2"; empty: it never came to that
    std::vector<Failure> failures;

    bool operator==(SeenHost const&) const = default;
};

/// Counts the handshakes of each host. Bounded: hosts beyond `most_hosts`, and kinds of failure beyond
/// `most_failures` a host, are left out. Any thread.
class SeenHosts final : public record::Sink {
  public:
    static constexpr std::size_t most_hosts = 4096;
    static constexpr std::size_t most_failures = 8;

    void take(record::HandshakeRecord const& record) noexcept override;
    void take(record::ConnectionFailureRecord const& record) noexcept override;

    void take(record::LadderRecord const&) noexcept override {}

    void take(record::DiagnosisRecord const&) noexcept override {}

    std::vector<SeenHost> hosts() const; ///< by name and port

  private:
    /// Under the lock. Null: there is no room for another host.
    SeenHost* at(record::Target const& target);

    mutable std::mutex mutex_;
    std::map<std::pair<std::string, std::uint16_t>, SeenHost> hosts_;
};

/// What came after `before` was taken of the same proxy.
std::vector<SeenHost> since(std::vector<SeenHost> const& before, std::vector<SeenHost> now);

/// {"hosts":[{"host","port","handshakes","established","intercepted","negotiated","failures":[{"what","next","times","hint"}]}]}
std::string to_json(std::vector<SeenHost> const& hosts);
/// Throws CommandError for what a proxy of this version would not send.
std::vector<SeenHost> parse_seen_hosts(std::string_view json);
/// For a person: a line a host, and one below it for each kind of failure.
std::string to_text(std::vector<SeenHost> const& hosts);

} // namespace alert40::app
