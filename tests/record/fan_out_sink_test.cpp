#include "record/fan_out_sink.hpp"
#include "record/memory_sink.hpp"
#include "support/catch.hpp"
#include "support/sample_records.hpp"

using namespace alert40;

TEST_CASE("each sink gets each record") {
    record::MemorySink one, other;
    record::FanOutSink both{{&one, &other}};
    both.take(tests::full_record());
    both.take(tests::full_connection_failure());
    both.take(tests::full_ladder_record());
    both.take(tests::full_diagnosis());
    CHECK(one.recent() == std::vector<record::Record>{tests::full_record(), tests::full_connection_failure(),
                                                      tests::full_ladder_record(), tests::full_diagnosis()});
    CHECK(one.recent() == other.recent());
}
