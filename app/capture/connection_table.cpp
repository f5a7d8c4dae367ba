#include "app/capture/connection_table.hpp"

#include <algorithm>
#include <string>

namespace alert40::app::capture {

void ConnectionTable::take(LinkType type, Bytes frame, Time time) {
    last_packet_ = std::max(last_packet_, time);
    auto const packet = ip_packet(type, frame);
    auto const segment = packet ? tcp_segment(*packet) : std::nullopt;
    if (!segment) return;
    Ends const ends = std::minmax(segment->from, segment->to);
    auto found = open_.find(ends);
    bool const syn = segment->syn && !segment->ack;
    if (found != open_.end() && syn && found->second.connection.is_another(*segment)) {
        close(found);
        found = open_.end();
    }
    if (found == open_.end()) {
        if (syn || begins_like_a_client(segment->payload)) begin(ends, *segment, time);
    } else
        found->second.connection.take(*segment, time);
}

void ConnectionTable::begin(Ends const& ends, Segment const& segment, Time time) {
    if (open_.size() >= most_open) close_oldest();
    auto& begun = open_.emplace(ends, Open{++count_, Connection(segment, time)}).first->second;
    begun.connection.take(segment, time);
}

void ConnectionTable::close(std::map<Ends, Open>::iterator which) {
    auto const number = which->second.number;
    if (auto record = which->second.connection.record(std::to_string(number), last_packet_))
        records_.emplace(number, *std::move(record));
    if (records_.size() > most_records) records_.erase(records_.begin());
    open_.erase(which);
}

void ConnectionTable::close_oldest() {
    auto const older = [](auto const& a, auto const& b) { return a.second.number < b.second.number; };
    close(std::ranges::min_element(open_, older));
}

std::vector<record::HandshakeRecord> ConnectionTable::finish() {
    while (!open_.empty())
        close(open_.begin());
    std::vector<record::HandshakeRecord> records;
    for (auto& [number, record] : records_)
        records.push_back(std::move(record));
    records_.clear();
    return records;
}

} // namespace alert40::app::capture
