// What real peers sent: tests/golden/tls/client_hello/*.bin are the first flights of clients,
// server_flight/*.bin those of servers, as they came over TCP; beside each stands what is read from it.
#include "support/bytes.hpp"
#include "support/golden.hpp"
#include "tls/wire/alert_message.hpp"
#include "tls/wire/certificate_message.hpp"
#include "tls/wire/describe.hpp"
#include "tls/wire/handshake_message.hpp"
#include "tls/wire/iana.hpp"
#include "tls/wire/record.hpp"
#include "tls/wire/server_key_exchange.hpp"

#include <sstream>
#include <string>
#include <vector>

using namespace alert40::tls;
using namespace alert40::tls::wire;
using alert40::tests::check_golden;
using alert40::tests::read_file;

namespace {

std::string list(std::vector<std::string> const& names) {
    std::string out;
    for (auto const& name : names)
        out += ' ' + name;
    return out;
}

std::string extension_names(std::vector<Extension> const& extensions) {
    std::vector<std::string> names;
    for (auto const& extension : extensions)
        names.push_back(iana::spelled(iana::extension_types(), extension.type));
    return list(names);
}

void print(std::ostream& out, Offered const& offered) {
    out << "versions:" << list(offered.versions) << "\nsuites:" << list(offered.cipher_suites)
        << "\ngroups:" << list(offered.groups) << "\nsignatures:" << list(offered.signature_algorithms)
        << "\nalpn:" << list(offered.alpn) << "\nserver_name: " << offered.server_name
        << "\nbytes: " << offered.bytes << "\nscsv: " << offered.scsv
        << "\nresumption: " << offered.resumption << '\n';
}

void print(std::ostream& out, Negotiated const& negotiated) {
    out << "version: " << negotiated.version << "\nsuite: " << negotiated.cipher_suite
        << "\ngroup: " << negotiated.group << "\nalpn: " << negotiated.alpn
        << "\nresumed: " << negotiated.resumed << '\n';
}

void print(std::ostream& out, HandshakeMessage const& message, std::size_t flight_size) {
    switch (message.type) {
    case HandshakeType::client_hello: {
        auto const hello = parse_client_hello(message.body);
        REQUIRE(hello.has_value());
        CHECK(write_client_hello(*hello) == std::vector(message.body.begin(), message.body.end()));
        print(out, describe(*hello, flight_size));
        out << "extensions:" << extension_names(hello->extensions) << '\n';
        break;
    }
    case HandshakeType::server_hello: {
        auto const hello = parse_server_hello(message.body);
        REQUIRE(hello.has_value());
        out << (hello->is_hello_retry_request() ? "HelloRetryRequest\n" : "ServerHello\n");
        print(out, describe(*hello, {}));
        out << "extensions:" << extension_names(hello->extensions) << '\n';
        break;
    }
    case HandshakeType::certificate: {
        auto const certificates = parse_certificate_tls12(message.body);
        REQUIRE(certificates.has_value());
        out << "Certificate";
        for (auto const der : *certificates)
            out << ' ' << der.size();
        out << '\n';
        break;
    }
    case HandshakeType::server_key_exchange:
        out << "ServerKeyExchange "
            << (ecdhe_group(message.body) ? group_name(*ecdhe_group(message.body)) : "without a curve")
            << '\n';
        break;
    default: out << "handshake type " << int(message.type) << ", " << message.body.size() << " bytes\n";
    }
}

std::string described(std::string const& file) {
    auto const flight = read_file(file);
    std::ostringstream out;
    RecordSplitter records;
    HandshakeSplitter messages;
    records.feed(flight);
    while (auto const record = records.next()) {
        if (record->header.type == ContentType::handshake) {
            messages.feed(record->fragment);
            while (auto const message = messages.next())
                print(out, *message, flight.size());
        } else if (auto const alert = parse_alert(record->fragment, Direction::received)) {
            out << "alert " << name_of(alert->level) << ' ' << name_of(alert->description) << '\n';
        } else {
            out << "record type " << int(record->header.type) << ", " << record->header.length << " bytes\n";
        }
    }
    CHECK_FALSE(records.malformed());
    CHECK_FALSE(records.within_record());
    CHECK_FALSE(messages.malformed());
    return out.str();
}

void check_flight(std::string const& name) {
    check_golden(name + ".txt", described("golden/" + name + ".bin"));
}

} // namespace

TEST_CASE("the hellos of real clients") {
    for (std::string const name : {"curl", "gnutls", "gnutls_tls12", "java", "node", "openssl",
                                   "openssl_tls10", "openssl_tls12", "python"})
        check_flight("tls/client_hello/" + name);
}

TEST_CASE("the answers of real servers") {
    for (std::string const name :
         {"gnutls_tls12", "gnutls_tls13", "openssl_alert_70", "openssl_client_certificate",
          "openssl_hello_retry_request", "openssl_tls10", "openssl_tls12", "openssl_tls12_rsa_static",
          "openssl_tls13"})
        check_flight("tls/server_flight/" + name);
}
