#include "policy/parse/byte_count.hpp"
#include "support/catch.hpp"

using alert40::policy::parse::bytes_named;

TEST_CASE("bytes are a number with or without a unit") {
    CHECK(bytes_named("0") == 0U);
    CHECK(bytes_named("1000") == 1000U);
    CHECK(bytes_named("3B") == 3U);
    CHECK(bytes_named("2KiB") == 2048U);
    CHECK(bytes_named("2kB") == 2000U);
    CHECK(bytes_named("1MiB") == 1048576U);
    CHECK(bytes_named("1MB") == 1000000U);
}

TEST_CASE("all else is no number of bytes") {
    for (auto const* text : {"", "KiB", "-1", "1 KiB", "1kib", "1.5MiB", "2s", "18446744073709551615KiB",
                             "18446744073709551616"})
        CHECK_FALSE(bytes_named(text));
}
