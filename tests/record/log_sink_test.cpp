#include "record/log_line.hpp"
#include "record/log_sink.hpp"
#include "support/catch.hpp"
#include "support/sample_records.hpp"

#include <spdlog/logger.h>
#include <spdlog/sinks/ostream_sink.h>

#include <sstream>

using namespace alert40;
using namespace alert40::tests;

namespace {

struct Log {
    std::ostringstream text;
    std::shared_ptr<spdlog::logger> logger =
        std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::ostream_sink_st>(text));
    record::LogSink sink{logger, {.colour = false, .unicode = true, .local_time = false}};

    Log() { logger->set_pattern("%l %v"); }
};

} // namespace

TEST_CASE("a line has the level of what it says") {
    Log log;
    auto const good = established(sample_dial("modern", 1), "h2");
    auto weak = good;
    weak.notes = {"weak: TLS 1.0"};
    auto const last = failed(sample_dial("modern", 1), alert_received(40));
    auto retried = last;
    retried.next = "retry";
    for (auto const& dial : {good, weak, retried, last})
        log.sink.take(dial);
    log.sink.take(full_connection_failure());

    record::LogStyle const style{.colour = false, .unicode = true, .local_time = false};
    CHECK(log.text.str() == "info " + log_line(good, style) + "\nwarning " + log_line(weak, style) +
                                "\nwarning " + log_line(retried, style) + "\nerror " + log_line(last, style) +
                                "\nwarning " + log_line(full_connection_failure(), style) + "\n");
}

TEST_CASE("braces in a name are not a format") {
    Log log;
    auto dial = established(sample_dial("{} {nonsense", 1), "h2");
    log.sink.take(dial);
    CHECK(log.text.str().find("{} {nonsense") != std::string::npos);
}
