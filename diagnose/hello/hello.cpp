#include "diagnose/hello/hello.hpp"

#include "bytes/reader.hpp"
#include "bytes/writer.hpp"
#include "tls/wire/client_hello_reader.hpp"
#include "tls/wire/edit_client_hello.hpp"
#include "tls/wire/handshake_message.hpp"

#include <algorithm>
#include <utility>

namespace alert40::diagnose {
namespace {

using tls::wire::Bytes;
using tls::wire::ClientHelloReader;
using tls::wire::HandshakeType;
using tls::wire::Malformed;
using tls::wire::Result;

Buffer owned(Bytes bytes) {
    return {bytes.begin(), bytes.end()};
}

Result<Hello> read_body(Bytes body, std::uint16_t record_version) {
    if (body.size() > longest_hello) return Malformed{Malformed::What::too_long, 0};
    auto const parsed = tls::wire::parse_client_hello(body);
    if (!parsed) return parsed.error();
    Hello hello;
    hello.legacy_record_version = record_version;
    hello.legacy_version = parsed->legacy_version;
    hello.random = parsed->random;
    hello.session_id = owned(parsed->session_id);
    hello.cipher_suites = parsed->cipher_suites;
    hello.compression_methods = owned(parsed->compression_methods);
    for (auto const& extension : parsed->extensions)
        hello.extensions.push_back({extension.type, owned(extension.data)});
    return hello;
}

Result<Hello> read_records(Bytes bytes) {
    ClientHelloReader reader;
    switch (reader.feed(bytes)) {
    case ClientHelloReader::State::whole: return read_body(reader.body(), reader.legacy_record_version());
    case ClientHelloReader::State::incomplete: return Malformed{Malformed::What::truncated, bytes.size()};
    case ClientHelloReader::State::not_a_hello: break;
    }
    return Malformed{Malformed::What::illegal_value, 0};
}

} // namespace

Result<Hello> read_hello(Bytes bytes) {
    constexpr auto message_type = static_cast<std::uint8_t>(HandshakeType::client_hello);
    if (bytes.empty() || bytes.front() != message_type) return read_records(bytes);
    bytes::Reader in{bytes};
    in.u8();
    auto const body = in.opaque<bytes::Prefix::u24>();
    if (!in.finished()) return tls::wire::malformed(in);
    return read_body(body, Hello{}.legacy_record_version);
}

Buffer message_of(Hello const& hello) {
    auto const body = tls::wire::write_client_hello(view_of(hello));
    return bytes::Writer{}
        .u8(static_cast<std::uint8_t>(HandshakeType::client_hello))
        .opaque<bytes::Prefix::u24>(body)
        .take();
}

Buffer records_of(Hello const& hello) {
    return tls::wire::client_hello_records(tls::wire::write_client_hello(view_of(hello)),
                                           hello.legacy_record_version);
}

std::size_t wire_size(Hello const& hello) {
    return records_of(hello).size();
}

tls::wire::ClientHello view_of(Hello const& hello) {
    tls::wire::ClientHello view;
    view.legacy_version = hello.legacy_version;
    view.random = hello.random;
    view.session_id = hello.session_id;
    view.cipher_suites = hello.cipher_suites;
    view.compression_methods = hello.compression_methods;
    for (auto const& extension : hello.extensions)
        view.extensions.push_back({extension.type, extension.data});
    return view;
}

Hello::Extension const* find(Hello const& hello, tls::wire::ExtensionType type) {
    auto const found =
        std::ranges::find(hello.extensions, static_cast<std::uint16_t>(type), &Hello::Extension::type);
    return found == hello.extensions.end() ? nullptr : &*found;
}

Hello::Extension* find(Hello& hello, tls::wire::ExtensionType type) {
    return const_cast<Hello::Extension*>(find(std::as_const(hello), type));
}

} // namespace alert40::diagnose
