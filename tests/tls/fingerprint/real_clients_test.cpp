// The fingerprints of what real peers sent (tests/golden/tls/). tshark 4.0 prints the same JA3 and JA3S of
// these flights, and its fields give the same JA4.
#include "real_digests.hpp"
#include "support/bytes.hpp"
#include "support/golden.hpp"
#include "tls/fingerprint/ja3.hpp"
#include "tls/fingerprint/ja4.hpp"
#include "tls/wire/handshake_message.hpp"
#include "tls/wire/record.hpp"

#include <string>

using namespace alert40::tls;
using alert40::tests::check_golden;
using alert40::tests::read_file;
using alert40::tests::real_digests;

namespace {

/// The body of the first handshake message of a flight.
alert40::tests::Buffer first_message(std::string const& file) {
    auto const flight = read_file("golden/tls/" + file + ".bin");
    wire::RecordSplitter records;
    wire::HandshakeSplitter messages;
    records.feed(flight);
    auto const record = records.next();
    REQUIRE(record.has_value());
    messages.feed(record->fragment);
    auto const message = messages.next();
    REQUIRE(message.has_value());
    return {message->body.begin(), message->body.end()};
}

} // namespace

TEST_CASE("the fingerprints of real clients") {
    std::string out;
    for (std::string const name : {"curl", "gnutls", "gnutls_tls12", "java", "node", "openssl",
                                   "openssl_tls10", "openssl_tls12", "python"}) {
        auto const body = first_message("client_hello/" + name);
        auto const hello = wire::parse_client_hello(body);
        REQUIRE(hello.has_value());
        out += name + "\n  " + fingerprint::ja3_text(*hello) + "\n  " +
               fingerprint::ja3(*hello, real_digests) + "\n  " + fingerprint::ja4_text(*hello) + "\n  " +
               fingerprint::ja4(*hello, real_digests) + '\n';
    }
    check_golden("tls/client_fingerprints.txt", out);
}

TEST_CASE("the fingerprints of real servers") {
    std::string out;
    for (std::string const name :
         {"gnutls_tls12", "gnutls_tls13", "openssl_client_certificate", "openssl_hello_retry_request",
          "openssl_tls10", "openssl_tls12", "openssl_tls12_rsa_static", "openssl_tls13"}) {
        auto const body = first_message("server_flight/" + name);
        auto const hello = wire::parse_server_hello(body);
        REQUIRE(hello.has_value());
        out += name + "\n  " + fingerprint::ja3s_text(*hello) + "\n  " +
               fingerprint::ja3s(*hello, real_digests) + '\n';
    }
    check_golden("tls/server_fingerprints.txt", out);
}
