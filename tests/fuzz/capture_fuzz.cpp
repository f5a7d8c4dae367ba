// A pcap or pcapng file, as libpcap reads it, to the records of the handshakes in it. What is remembered is
// bounded; a record has a failure exactly when it failed, and the same file says the same again.
#include "app/capture/captured_handshakes.hpp"
#include "app/capture/connection_table.hpp"
#include "fuzz/demand.hpp"

#include <stdexcept>
#include <vector>

using namespace alert40;
using app::capture::CapturedHandshakes;

namespace {

CapturedHandshakes read(std::uint8_t const* data, std::size_t size) {
    std::vector<std::uint8_t> copy(data, data + size);
    try {
        return app::capture::captured_handshakes(::fmemopen(copy.data(), copy.size(), "rb"));
    } catch (std::runtime_error const&) {
        return {};
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    if (size == 0) return 0;
    auto const found = read(data, size);
    fuzz::demand(found.records.size() <= app::capture::ConnectionTable::most_records);
    fuzz::demand(found.records.size() <= found.connections);
    for (auto const& record : found.records) {
        fuzz::demand(record.failure.has_value() == (record.outcome == record::Outcome::failed));
        fuzz::demand(!record.target.host.empty());
    }
    fuzz::demand(read(data, size).records == found.records);
    return 0;
}
