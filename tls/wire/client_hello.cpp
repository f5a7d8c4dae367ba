#include "tls/wire/client_hello.hpp"

#include "bytes/writer.hpp"

namespace alert40::tls::wire {

using bytes::Prefix;
using bytes::Reader;
using bytes::Writer;

Result<ClientHello> parse_client_hello(Bytes body) {
    Reader in{body};
    ClientHello hello;
    hello.legacy_version = in.u16();
    hello.random = in.bytes<32>();
    hello.session_id = in.opaque<Prefix::u8>(32);
    hello.cipher_suites = in.list_u16<Prefix::u16>();
    hello.compression_methods = in.opaque<Prefix::u8>();
    if (in.more()) hello.extensions = read_extensions(in);
    if (!in.finished()) return malformed(in);
    return hello;
}

std::vector<std::uint8_t> write_client_hello(ClientHello const& hello) {
    Writer out;
    out.u16(hello.legacy_version)
        .bytes(hello.random)
        .opaque<Prefix::u8>(hello.session_id)
        .list_u16<Prefix::u16>(hello.cipher_suites)
        .opaque<Prefix::u8>(hello.compression_methods);
    if (!hello.extensions.empty()) {
        out.nested<Prefix::u16>([&](Writer& list) {
            for (auto const& extension : hello.extensions)
                list.u16(extension.type).opaque<Prefix::u16>(extension.data);
        });
    }
    return out.take();
}

} // namespace alert40::tls::wire
