// A ClientHello body: what is read is written again byte for byte, and describing it and its fingerprints
// never fail.
#include "fuzz/demand.hpp"
#include "tls/fingerprint/ja3.hpp"
#include "tls/fingerprint/ja4.hpp"
#include "tls/wire/describe.hpp"

#include <algorithm>

using namespace alert40;

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    tls::wire::Bytes const body{data, size};
    auto const hello = tls::wire::parse_client_hello(body);
    if (!hello) {
        fuzz::demand(hello.error().offset <= size);
        return 0;
    }

    auto const written = tls::wire::write_client_hello(*hello);
    auto const empty_list_left_out = hello->extensions.empty() && written.size() + 2 == size;
    fuzz::demand(std::ranges::equal(written, body) || empty_list_left_out);

    auto const offered = tls::wire::describe(*hello, size);
    fuzz::demand(offered.cipher_suites.size() == hello->cipher_suites.size());
    fuzz::demand(std::ranges::count(tls::fingerprint::ja3_text(*hello), ',') == 4);
    fuzz::demand(tls::fingerprint::ja4_text(*hello).find('_') == 10);
    return 0;
}
