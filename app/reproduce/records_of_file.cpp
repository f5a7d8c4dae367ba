#include "app/reproduce/records_of_file.hpp"

#include "app/capture/captured_handshakes.hpp"
#include "app/capture/packet_file.hpp"
#include "record/json.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <string_view>

namespace alert40::app::reproduce {

namespace {

constexpr std::size_t most_bytes = std::size_t{256} * 1024 * 1024; ///< of JSONL, held in memory
constexpr std::size_t most_complaints = 5;

using record::MalformedRecord;
using record::Record;

bool is_blank(std::string_view text) {
    return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

std::string read_all(std::istream& in, std::string const& name) {
    std::string text;
    std::array<char, 65536> piece;
    while (in.read(piece.data(), piece.size()) || in.gcount() > 0) {
        text.append(piece.data(), static_cast<std::size_t>(in.gcount()));
        if (text.size() > most_bytes)
            throw std::runtime_error(
                name + ": more than 256 MiB of records; take the lines that matter: grep HOST " + name +
                " | alert40 reproduce -");
    }
    return text;
}

RecordsOfFile captured(std::FILE* file) {
    auto found = capture::captured_handshakes(file);
    RecordsOfFile result{{}, true, {}};
    for (auto& record : found.records)
        result.records.emplace_back(std::move(record));
    if (!found.complaint.empty()) result.complaints.push_back("not read to its end: " + found.complaint);
    if (result.records.empty())
        result.complaints.push_back("no TLS handshake in it, in " + std::to_string(found.connections) +
                                    " TCP connections");
    return result;
}

std::string first_bytes(std::ifstream& in) {
    std::string bytes(4, '\0');
    in.read(bytes.data(), 4);
    bytes.resize(static_cast<std::size_t>(in.gcount()));
    in.clear();
    in.seekg(0);
    return bytes;
}

} // namespace

RecordsOfFile records_in(std::string_view jsonl) {
    RecordsOfFile found;
    auto whole = record::parse_record(jsonl);
    if (auto* const record = std::get_if<Record>(&whole)) {
        found.records.push_back(std::move(*record));
        return found;
    }
    std::size_t number = 0;
    while (!jsonl.empty()) {
        auto const line = jsonl.substr(0, jsonl.find('\n'));
        jsonl.remove_prefix(std::min(jsonl.size(), line.size() + 1));
        ++number;
        if (is_blank(line)) continue;
        auto parsed = record::parse_record(line);
        if (auto* const record = std::get_if<Record>(&parsed))
            found.records.push_back(std::move(*record));
        else if (found.complaints.size() < most_complaints)
            found.complaints.push_back("line " + std::to_string(number) +
                                       " is no record: " + std::get<MalformedRecord>(parsed).reason);
    }
    return found;
}

RecordsOfFile records_of_file(std::string const& path) {
    if (path == "-") return records_in(read_all(std::cin, "stdin"));
    std::ifstream in(path, std::ios::binary);
    if (!in) throw std::runtime_error(path + ": " + std::strerror(errno));
    if (!capture::is_packet_file(first_bytes(in))) return records_in(read_all(in, path));
    auto* const file = std::fopen(path.c_str(), "rbe");
    if (!file) throw std::runtime_error(path + ": " + std::strerror(errno));
    try {
        return captured(file);
    } catch (std::runtime_error const& error) {
        throw std::runtime_error(path + ": " + error.what());
    }
}

} // namespace alert40::app::reproduce
