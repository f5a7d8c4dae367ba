#include "record/role.hpp"
#include "support/catch.hpp"

using namespace alert40::record;

TEST_CASE("mode and side say what alert40 was in a handshake") {
    HandshakeRecord record;
    CHECK(role_in(record) == Role::dialled);
    record.mode = "watch";
    CHECK(role_in(record) == Role::watched);
    record.mode = "something newer";
    CHECK(role_in(record) == Role::dialled);

    record.side = Side::downstream;
    record.mode = "intercept";
    CHECK(role_in(record) == Role::intercepted);
    record.mode.clear();
    CHECK(role_in(record) == Role::served);
}
