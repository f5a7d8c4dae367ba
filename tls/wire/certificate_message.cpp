#include "tls/wire/certificate_message.hpp"

namespace alert40::tls::wire {

using bytes::Prefix;
using bytes::Reader;

Result<std::vector<Bytes>> parse_certificate_tls12(Bytes body) {
    Reader in{body};
    std::vector<Bytes> certificates;
    in.nested<Prefix::u24>([&](Reader& list) {
        while (list.more())
            certificates.push_back(list.opaque<Prefix::u24>(Reader::unbounded, 1));
    });
    if (!in.finished()) return malformed(in);
    return certificates;
}

Result<std::vector<Bytes>> parse_certificate_tls13(Bytes body) {
    Reader in{body};
    std::vector<Bytes> certificates;
    in.opaque<Prefix::u8>(); // certificate_request_context
    in.nested<Prefix::u24>([&](Reader& list) {
        while (list.more()) {
            certificates.push_back(list.opaque<Prefix::u24>(Reader::unbounded, 1));
            list.opaque<Prefix::u16>(); // extensions
        }
    });
    if (!in.finished()) return malformed(in);
    return certificates;
}

Result<std::vector<Bytes>> parse_certificate(Bytes body, ProtocolVersion version) {
    return version >= ProtocolVersion::tls1_3 ? parse_certificate_tls13(body) : parse_certificate_tls12(body);
}

} // namespace alert40::tls::wire
