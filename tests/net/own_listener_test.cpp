#include "net/own_listener.hpp"

#include "support/catch.hpp"

#include <string>
#include <vector>

using namespace alert40;

namespace {

bool loops(std::string const& address, std::vector<policy::Endpoint> const& listeners,
           std::uint16_t port = 4040) {
    return net::is_own_listener(*net::IpEndpoint::parse(address, port), listeners);
}

} // namespace

TEST_CASE("the listener's own address and port are a loop") {
    CHECK(loops("127.0.0.1", {{"127.0.0.1", 4040}}));
    CHECK(loops("::1", {{"127.0.0.1", 4040}, {"::1", 4040}}));
    CHECK_FALSE(loops("127.0.0.1", {{"127.0.0.1", 4041}}));
    CHECK_FALSE(loops("127.0.0.2", {{"127.0.0.1", 4040}}));
    CHECK_FALSE(loops("::1", {{"127.0.0.1", 4040}}));
    CHECK_FALSE(loops("127.0.0.1", {}));
}

TEST_CASE("other spellings of it are a loop too") {
    CHECK(loops("::ffff:127.0.0.1", {{"127.0.0.1", 4040}}));
    CHECK(loops("127.0.0.1", {{"::ffff:127.0.0.1", 4040}}));
    CHECK(loops("0.0.0.0", {{"127.0.0.1", 4040}}));
    CHECK(loops("::", {{"::1", 4040}}));
    CHECK(loops("0:0:0:0:0:0:0:1", {{"::1", 4040}}));
}

TEST_CASE("a listener on every address loops at every address of this machine") {
    CHECK(loops("127.0.0.1", {{"0.0.0.0", 4040}}));
    CHECK(loops("127.3.2.1", {{"0.0.0.0", 4040}}));
    CHECK(loops("0.0.0.0", {{"0.0.0.0", 4040}}));
    CHECK(loops("::1", {{"::", 4040}}));
    CHECK(loops("127.0.0.1", {{"::", 4040}}));
    CHECK_FALSE(loops("::1", {{"0.0.0.0", 4040}}));
    CHECK_FALSE(loops("198.51.100.7", {{"0.0.0.0", 4040}}));
    CHECK_FALSE(loops("2001:db8::7", {{"::", 4040}}));
}
