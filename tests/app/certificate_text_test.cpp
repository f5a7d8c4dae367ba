#include "app/certificate_text.hpp"

#include "support/catch.hpp"

using alert40::app::der_of;

TEST_CASE("the bytes of the first certificate of a PEM text") {
    CHECK(der_of("text before\n-----BEGIN CERTIFICATE-----\nAAEC\r\n/w==\n-----END CERTIFICATE-----\n"
                 "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n") ==
          std::string("\0\1\2\xff", 4));
    CHECK(der_of("-----BEGIN CERTIFICATE----------END CERTIFICATE-----") == "");
}

TEST_CASE("a text without one, or with a broken one") {
    auto const text = GENERATE("", "AAAA", "-----BEGIN CERTIFICATE-----\nAAAA\n",
                               "-----BEGIN CERTIFICATE-----\nA!AA\n-----END CERTIFICATE-----\n",
                               "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
    CHECK_FALSE(der_of(text));
}
