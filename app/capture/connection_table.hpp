#pragma once

#include "app/capture/connection.hpp"

#include <cstddef>
#include <map>
#include <utility>
#include <vector>

namespace alert40::app::capture {

/// All TCP connections of a capture: packets in, records of handshakes out, in the order in which the
/// connections began. Bounded: of very many, the oldest are closed early, and the oldest records forgotten.
class ConnectionTable {
  public:
    static constexpr std::size_t most_open = 1024;
    static constexpr std::size_t most_records = 4096;

    void take(LinkType type, Bytes frame, Time time);

    /// Ends it: what is still open is judged as of the last packet.
    std::vector<record::HandshakeRecord> finish();

    std::size_t connections() const { return count_; }

  private:
    /// The two ends, the smaller one first: the same for both directions.
    using Ends = std::pair<Endpoint, Endpoint>;

    struct Open {
        std::size_t number; ///< from 1, in the order of their beginnings
        Connection connection;
    };

    void begin(Ends const& ends, Segment const& segment, Time time);
    void close(std::map<Ends, Open>::iterator which);
    void close_oldest();

    std::map<Ends, Open> open_;
    std::map<std::size_t, record::HandshakeRecord> records_;
    std::size_t count_ = 0;
    Time last_packet_{};
};

} // namespace alert40::app::capture
