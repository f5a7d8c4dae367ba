// What a DNS server may say within TLS, in two pieces: the first byte of the input says how it is framed, the
// second where the cut is. Whatever message comes out of it is read.

#include "net/encrypted_dns/dns_framing.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace alert40::net;

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    if (size < 2) return 0;
    std::span const input{data + 2, size - 2};
    static_cast<void>(dns_answer(input, AF_INET));
    static_cast<void>(dns_answer(input, AF_INET6));
    auto const framing = data[0] % 2 == 0 ? make_tls_framing() : make_https_framing("dns.test", "/dns-query");
    alert40::bytes::ByteQueue out;
    framing->begin(out);
    for (std::uint16_t number = 0; number < 3; ++number)
        framing->ask(number, *dns_question("a.test", AF_INET), out);
    std::vector<DnsFraming::Answered> answered;
    auto const cut = std::min<std::size_t>(data[1], input.size());
    if (!framing->take(input.first(cut), out, answered))
        static_cast<void>(framing->take(input.subspan(cut), out, answered));
    for (auto const& one : answered) {
        if (!one.message) continue;
        if (one.message->size() < dns_header || one.message->size() > DnsFraming::most_bytes) std::abort();
        static_cast<void>(dns_answer(*one.message, AF_INET));
        static_cast<void>(dns_answer(*one.message, AF_INET6));
    }
    return 0;
}
