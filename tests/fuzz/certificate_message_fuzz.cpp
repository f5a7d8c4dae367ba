// A Certificate body, read as both versions: every certificate lies within it, in order.
#include "fuzz/demand.hpp"
#include "tls/wire/certificate_message.hpp"

using namespace alert40;

namespace {

void check(tls::wire::Result<std::vector<tls::wire::Bytes>> const& certificates, tls::wire::Bytes body) {
    if (!certificates) {
        fuzz::demand(certificates.error().offset <= body.size());
        return;
    }
    auto const* at = body.data();
    for (auto const der : *certificates) {
        fuzz::demand(!der.empty() && der.data() > at && der.data() + der.size() <= body.data() + body.size());
        at = der.data() + der.size() - 1;
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    tls::wire::Bytes const body{data, size};
    check(tls::wire::parse_certificate_tls12(body), body);
    check(tls::wire::parse_certificate_tls13(body), body);
    return 0;
}
