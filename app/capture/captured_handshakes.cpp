#include "app/capture/captured_handshakes.hpp"

#include "app/capture/connection_table.hpp"
#include "app/capture/packet_file.hpp"

namespace alert40::app::capture {

CapturedHandshakes captured_handshakes(std::FILE* file) {
    PacketFile packets{file};
    ConnectionTable table;
    packets.each([&](Bytes frame, Time time) { table.take(packets.link_type(), frame, time); });
    auto records = table.finish();
    return {std::move(records), table.connections(), packets.complaint()};
}

} // namespace alert40::app::capture
