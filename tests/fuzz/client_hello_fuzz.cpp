// A ClientHello body: what is read is written again byte for byte, and describing it and its fingerprints
// never fail; edited, it is a ClientHello still, which says what it was made to say.
#include "fuzz/demand.hpp"
#include "tls/fingerprint/ja3.hpp"
#include "tls/fingerprint/ja4.hpp"
#include "tls/wire/client_hello_reader.hpp"
#include "tls/wire/describe.hpp"
#include "tls/wire/edit_client_hello.hpp"

#include <algorithm>

using namespace alert40;

namespace {

void edited(tls::wire::ClientHello const& hello, tls::wire::Bytes body) {
    auto const lost = hello.extensions.empty() ? std::uint16_t{0} : hello.extensions.front().type;
    tls::HelloEdit const edit{.without_extensions = {lost}, .reversed = true, .alpn = {{"foo"}}};
    auto const made = tls::wire::edit_client_hello(body, edit);
    if (!made) return fuzz::demand(made.error().what == tls::wire::Malformed::What::too_long);
    auto const again = tls::wire::parse_client_hello(*made);
    fuzz::demand(again.has_value());
    fuzz::demand(!std::ranges::count(again->extensions, lost, &tls::wire::Extension::type));
    auto const flight = tls::wire::client_hello_records(*made, 0x0301);
    tls::wire::ClientHelloReader reader;
    auto const state = reader.feed(flight);
    if (flight.size() > tls::wire::ClientHelloReader::most) return;
    fuzz::demand(state == tls::wire::ClientHelloReader::State::whole);
    fuzz::demand(std::ranges::equal(reader.body(), *made));
}

} // namespace

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

    edited(*hello, body);

    auto const offered = tls::wire::describe(*hello, size);
    fuzz::demand(offered.cipher_suites.size() == hello->cipher_suites.size());
    fuzz::demand(std::ranges::count(tls::fingerprint::ja3_text(*hello), ',') == 4);
    fuzz::demand(tls::fingerprint::ja4_text(*hello).find('_') == 10);
    return 0;
}
