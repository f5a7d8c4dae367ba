#include "proxy/message/message.hpp"
#include "support/catch.hpp"

#include <string>
#include <utility>

using namespace alert40::proxy;

namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

Pairs pairs(Fields const& fields) {
    Pairs all;
    for (auto const& field : fields)
        all.emplace_back(field.name, field.value);
    return all;
}

} // namespace

TEST_CASE("what belongs to a connection is taken out, with what Connection names") {
    RequestHead head;
    head.add("Connection", "close, X-Hop");
    head.add("x-hop", "1");
    head.add("Accept", "*/*");
    head.add("Keep-Alive", "timeout=5");
    head.add("Proxy-Connection", "keep-alive");
    head.add("TE", "trailers");
    head.add("Upgrade", "websocket");
    head.add("HTTP2-Settings", "AAMAAABk");
    head.add("Proxy-Authorization", "Basic eDp5");
    head.add("Transfer-Encoding", "chunked");
    head.add("connection", "x-second");
    head.add("X-Second", "2");
    head.add("Trailer", "X-Sum");
    strip_connection_fields(head.fields);
    CHECK(pairs(head.fields) == Pairs{{"Accept", "*/*"}, {"Trailer", "X-Sum"}});
}

TEST_CASE("several cookie fields become one, in the place of the first") {
    RequestHead head;
    head.add("cookie", "a=1");
    head.add("accept", "*/*");
    head.add("Cookie", "b=2; c=3", true);
    head.add("cookie", "d=4");
    join_cookies(head.fields, head.arena);
    CHECK(pairs(head.fields) == Pairs{{"cookie", "a=1; b=2; c=3; d=4"}, {"accept", "*/*"}});
    CHECK(head.fields[0].never_index);
}

TEST_CASE("empty cookie fields add nothing") {
    RequestHead head;
    for (auto const* value : {"", "a=1", "", "b=2", ""})
        head.add("cookie", value);
    join_cookies(head.fields, head.arena);
    CHECK(pairs(head.fields) == Pairs{{"cookie", "a=1; b=2"}});
}

TEST_CASE("one cookie field stays as it is") {
    RequestHead head;
    head.add("Cookie", "a=1");
    auto const used = head.arena.used();
    join_cookies(head.fields, head.arena);
    CHECK(pairs(head.fields) == Pairs{{"Cookie", "a=1"}});
    CHECK(head.arena.used() == used);
}

TEST_CASE("a cleared head is as new") {
    ResponseHead head;
    head.status = 404;
    head.declared_length = 3;
    head.add("date", "now");
    head.clear();
    CHECK(head.status == 200);
    CHECK_FALSE(head.declared_length);
    CHECK(head.fields.empty());
    CHECK(head.arena.used() == 0);
}

TEST_CASE("what was added outlives where it came from, and moves with the head") {
    RequestHead head;
    {
        std::string const name = "x-name", value(5000, 'v');
        head.add(name, value);
        head.add("x-empty", "");
    }
    RequestHead const moved = std::move(head);
    CHECK(pairs(moved.fields) == Pairs{{"x-name", std::string(5000, 'v')}, {"x-empty", ""}});
}
