#include "record/json.hpp"
#include "record/log_line.hpp"
#include "record/probable_cause.hpp"

#include <cstdint>
#include <cstdlib>

using namespace alert40::record;

/// Whatever is accepted can be written, and reads back as the same record; what is said of it to a person
/// cannot act on a terminal.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const parsed = parse_record({reinterpret_cast<char const*>(data), size});
    auto const* const record = std::get_if<Record>(&parsed);
    if (record == nullptr) return 0;
    auto const line = std::visit([](auto const& one) { return to_json(one); }, *record);
    auto const again = parse_record(line);
    if (line.find('\n') != std::string::npos || std::get_if<Record>(&again) == nullptr) std::abort();
    if (std::visit([](auto const& one) { return to_json(one); }, std::get<Record>(again)) != line)
        std::abort();
    auto const shown = std::visit([](auto const& one) { return log_line(one, LogStyle{}); }, *record);
    if (shown.find('\n') != std::string::npos || shown.find('\x1b') != std::string::npos) std::abort();
    if (auto const* const handshake = std::get_if<HandshakeRecord>(record))
        for (auto const& remedy : probable_cause({handshake, 1}).remedies)
            if (remedy.find('\n') != std::string::npos || remedy.find('\x1b') != std::string::npos)
                std::abort();
    return 0;
}
