#include "record/memory_sink.hpp"
#include "support/catch.hpp"
#include "support/sample_records.hpp"

using namespace alert40;
using namespace alert40::tests;

TEST_CASE("the last records are kept, oldest first, and no more than the limit") {
    record::MemorySink sink{3};
    for (unsigned attempt = 1; attempt <= 4; ++attempt)
        sink.take(sample_dial("modern", attempt));
    sink.take(full_connection_failure());
    auto const recent = sink.recent();
    REQUIRE(recent.size() == 3);
    CHECK(std::get<record::HandshakeRecord>(recent[0]).attempt == 3);
    CHECK(std::get<record::HandshakeRecord>(recent[1]).attempt == 4);
    CHECK(std::get<record::ConnectionFailureRecord>(recent[2]) == full_connection_failure());
    CHECK(sink.taken() == 5);
}
