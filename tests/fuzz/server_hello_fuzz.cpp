// A ServerHello, EncryptedExtensions or ServerKeyExchange body.
#include "fuzz/demand.hpp"
#include "tls/fingerprint/ja3.hpp"
#include "tls/wire/describe.hpp"
#include "tls/wire/server_key_exchange.hpp"

#include <algorithm>

using namespace alert40;

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    tls::wire::Bytes const body{data, size};
    static_cast<void>(tls::wire::ecdhe_group(body));
    if (auto const extensions = tls::wire::parse_encrypted_extensions(body))
        static_cast<void>(tls::wire::alpn(*extensions));

    auto const hello = tls::wire::parse_server_hello(body);
    if (!hello) {
        fuzz::demand(hello.error().offset <= size);
        return 0;
    }
    auto const negotiated = tls::wire::describe(*hello, hello->session_id);
    fuzz::demand(!negotiated.version.empty() && !negotiated.cipher_suite.empty());
    fuzz::demand(std::ranges::count(tls::fingerprint::ja3s_text(*hello), ',') == 2);
    return 0;
}
