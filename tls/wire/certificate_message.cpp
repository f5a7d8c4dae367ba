#include "tls/wire/certificate_message.hpp"

#include "tls/wire/extension.hpp"

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

bool staples_ocsp_tls13(Bytes body) {
    constexpr std::uint16_t status_request = 5;
    bool stapled = false;
    Reader in{body};
    in.opaque<Prefix::u8>(); // certificate_request_context
    Reader list{in.opaque<Prefix::u24>()};
    list.opaque<Prefix::u24>(); // the leaf
    for (auto const& extension : read_extensions(list))
        stapled |= extension.type == status_request;
    return stapled && !list.failed();
}

Result<std::vector<Bytes>> parse_certificate(Bytes body, ProtocolVersion version) {
    return version >= ProtocolVersion::tls1_3 ? parse_certificate_tls13(body) : parse_certificate_tls12(body);
}

} // namespace alert40::tls::wire
