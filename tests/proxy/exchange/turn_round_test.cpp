#include "proxy/exchange/turn_round.hpp"
#include "support/catch.hpp"

#include <string>

using namespace alert40;

namespace {

std::string turned(std::string_view name, std::string_view value,
                   policy::Origin const& origin = {"https", "api.example.com", 443}) {
    proxy::ResponseHead head;
    head.add(name, value);
    proxy::turn_round(head, origin, "http", "127.0.0.1:4050");
    return std::string{head.fields.front().value};
}

} // namespace

TEST_CASE("Location that names the origin points to the client's address") {
    CHECK(turned("location", "https://api.example.com/a?b=c#d") == "http://127.0.0.1:4050/a?b=c#d");
    CHECK(turned("Location", "https://API.example.com") == "http://127.0.0.1:4050");
    CHECK(turned("location", "https://api.example.com:443/") == "http://127.0.0.1:4050/");
    CHECK(turned("location", "//api.example.com/x") == "http://127.0.0.1:4050/x");
    CHECK(turned("content-location", "https://api.example.com/x") == "http://127.0.0.1:4050/x");
    CHECK(turned("location", "https://[::1]:8443/x", {"https", "::1", 8443}) == "http://127.0.0.1:4050/x");
}

TEST_CASE("Location that names something else stays") {
    for (auto const* const value :
         {"/relative", "https://other.example.com/", "http://api.example.com/",
          "https://api.example.com:8443/", "https://api.example.com.evil/", "", "https://"}) {
        INFO(value);
        CHECK(turned("location", value) == value);
    }
}

TEST_CASE("a cookie keeps what lets the client send it back here") {
    CHECK(turned("set-cookie", "a=b; Domain=api.example.com; Path=/") == "a=b; Path=/");
    CHECK(turned("set-cookie", "a=b; domain=.example.com; HttpOnly") == "a=b; HttpOnly");
    CHECK(turned("set-cookie", "a=b; Secure; SameSite=Lax") == "a=b; SameSite=Lax");
    CHECK(turned("set-cookie", "a=b; Domain=other.example") == "a=b; Domain=other.example");
    CHECK(turned("set-cookie", "a=b; Domain=ample.com") == "a=b; Domain=ample.com");
    CHECK(turned("set-cookie", "Secure") == "Secure");
    CHECK(turned("set-cookie", "a=\"x; y\"; Path=/") == "a=\"x; y\"; Path=/");
}
