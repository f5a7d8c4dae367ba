#include "app/hello_source.hpp"

#include "app/exit.hpp"
#include "app/reproduce/records_of_file.hpp"
#include "diagnose/hello/bundled_hellos.hpp"
#include "diagnose/hello/hex_text.hpp"
#include "policy/parse/nearest.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace alert40::app {

namespace {

using diagnose::Buffer;
using diagnose::Hello;

/// In hex, four times as long with all that people write between.
constexpr std::size_t longest_file = 4 * diagnose::longest_hello;

std::optional<Hello> read(Buffer const& bytes) {
    auto hello = diagnose::read_hello(bytes);
    return hello ? std::optional(std::move(*hello)) : std::nullopt;
}

std::optional<Hello> read_hex(std::string_view text) {
    auto const bytes = diagnose::bytes_of_hex(text);
    return bytes ? read(*bytes) : std::nullopt;
}

/// The beginning of a file that may hold a hello and nothing else; empty where it is larger than any.
std::string short_file(std::string const& path) {
    std::ifstream in(path, std::ios::binary);
    std::string text(longest_file + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(in.gcount()));
    return text.size() > longest_file ? std::string{} : text;
}

NamedHello hello_on_record(std::string const& path, std::string const& id) {
    auto const file = reproduce::records_of_file(path);
    for (auto record = file.records.rbegin(); record != file.records.rend(); ++record) {
        auto const* const handshake = std::get_if<record::HandshakeRecord>(&*record);
        if (!handshake || handshake->client_hello.empty() || (!id.empty() && handshake->id != id)) continue;
        if (auto hello = read_hex(handshake->client_hello))
            return {handshake->client.empty() ? handshake->target.host : handshake->client,
                    std::move(*hello)};
    }
    throw CommandError(path + ": it has no ClientHello of a handshake that failed" +
                       (id.empty() ? "" : " with the id " + id));
}

NamedHello hello_in_file(std::string const& path, std::string const& id) {
    auto const text = short_file(path);
    auto const name = std::filesystem::path(path).filename().string();
    if (auto hello = read_hex(text)) return {name, std::move(*hello)};
    if (auto hello = read(Buffer(text.begin(), text.end()))) return {name, std::move(*hello)};
    return hello_on_record(path, id);
}

} // namespace

NamedHello hello_of(std::string const& what, std::string const& id) {
    if (auto const* const bundled = diagnose::bundled_hello(what)) return {what, bundled->hello};
    if (std::filesystem::is_regular_file(what)) return hello_in_file(what, id);
    if (auto hello = read_hex(what)) return {"your hex", std::move(*hello)};
    std::vector<std::string> names;
    for (auto const& bundled : diagnose::bundled_hellos())
        names.emplace_back(bundled.name);
    throw UsageError("\"" + what + "\" is no file, no ClientHello in hex, and no client that is known here" +
                     policy::parse::did_you_mean(what, names));
}

} // namespace alert40::app
