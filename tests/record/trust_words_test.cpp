#include "record/trust_words.hpp"
#include "support/catch.hpp"

using alert40::record::ways_to_trust_authority;
using alert40::record::ways_to_trust_issuer;
using alert40::record::ways_to_trust_proxy;

TEST_CASE("each kind of app is told where it looks for alert40's authority") {
    CHECK(ways_to_trust_authority("Chromium or Electron (BoringSSL)") ==
          "`alert40 ca trust`, or NODE_EXTRA_CA_CERTS (`alert40 env` prints it)");
    CHECK(ways_to_trust_authority("curl or Python (OpenSSL 3)") ==
          "`alert40 ca trust`, or SSL_CERT_FILE, CURL_CA_BUNDLE, REQUESTS_CA_BUNDLE (`alert40 env` prints "
          "them)");
    CHECK(ways_to_trust_authority("Firefox (NSS)") == "`alert40 ca trust`");
    CHECK(ways_to_trust_authority("GnuTLS") ==
          "`alert40 ca trust`, or GIT_SSL_CAINFO (`alert40 env` prints it)");
    CHECK(ways_to_trust_authority("Go") == "`alert40 ca trust`, or SSL_CERT_FILE (`alert40 env` prints it)");
    CHECK(ways_to_trust_authority("Java") == "-Djavax.net.ssl.trustStore (`alert40 env` prints it)");
    CHECK(ways_to_trust_authority("BoringSSL (gRPC, or Node in Electron)") ==
          "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH, NODE_EXTRA_CA_CERTS (`alert40 env` prints them)");
    CHECK(ways_to_trust_authority("Python (OpenSSL 3)") ==
          "SSL_CERT_FILE, REQUESTS_CA_BUNDLE (`alert40 env` prints them)");
    CHECK(ways_to_trust_authority("Rust (rustls)") ==
          "`alert40 ca trust`, or SSL_CERT_FILE (`alert40 env` prints it)");
    CHECK(ways_to_trust_authority("Safari or another Apple app") == "`alert40 ca trust`");
    CHECK(ways_to_trust_authority("gRPC") == "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH (`alert40 env` prints it)");
}

TEST_CASE("the library in parentheses does not decide") {
    CHECK(ways_to_trust_authority("Node.js (OpenSSL 3)") == "NODE_EXTRA_CA_CERTS (`alert40 env` prints it)");
}

TEST_CASE("an app that nobody knows gets the general words") {
    auto const general = "`alert40 ca trust`, or the variables that `alert40 env` prints";
    CHECK(ways_to_trust_authority("") == general);
    CHECK(ways_to_trust_authority("Google something, Gopher") == general);
    CHECK(ways_to_trust_authority("(Java") == general);
}

TEST_CASE("another authority is made known by the same settings, not by alert40") {
    CHECK(ways_to_trust_issuer("curl or Python (OpenSSL 3)") ==
          "SSL_CERT_FILE, CURL_CA_BUNDLE, REQUESTS_CA_BUNDLE, or the system's store");
    CHECK(ways_to_trust_issuer("Node.js (OpenSSL 3)") == "NODE_EXTRA_CA_CERTS");
    CHECK(ways_to_trust_issuer("Firefox (NSS)") == "the browser's store");
    CHECK(ways_to_trust_issuer("") == "the system's store or the app's own");
}

TEST_CASE("curl trusts a proxy by a setting of its own, and by no variable") {
    CHECK(ways_to_trust_proxy("curl (OpenSSL 3)") ==
          "`alert40 ca trust`, or curl's --proxy-cacert with the file that `alert40 ca show` names");
    CHECK(ways_to_trust_proxy("Go") == ways_to_trust_authority("Go"));
}
