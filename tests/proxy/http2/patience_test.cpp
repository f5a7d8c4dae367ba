#include "proxy/http2/patience.hpp"
#include "support/catch.hpp"

using alert40::proxy::http2::Patience;
namespace limits = alert40::proxy::limits;

TEST_CASE("patience is by the second") {
    Patience patience;
    Patience::Time now{std::chrono::hours{1}};
    for (int second = 0; second < 3; ++second, now += std::chrono::seconds{1})
        for (unsigned i = 0; i < limits::resets_per_window; ++i)
            CHECK(patience.tolerates(now));
    now -= std::chrono::milliseconds{1};
    CHECK_FALSE(patience.tolerates(now));
}

TEST_CASE("one PING with each piece of data is free") {
    Patience patience;
    Patience::Time const now{std::chrono::hours{1}};
    for (unsigned i = 0; i < 2 * limits::resets_per_window; ++i) {
        patience.worked();
        CHECK(patience.tolerates_ping(now));
    }
    for (unsigned i = 0; i < limits::resets_per_window; ++i)
        CHECK(patience.tolerates_ping(now));
    CHECK_FALSE(patience.tolerates_ping(now));
}
