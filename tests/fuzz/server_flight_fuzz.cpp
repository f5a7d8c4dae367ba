// What a server answers to a hello: the same however it is cut, and bounded.
#include "diagnose/hello/plain_hello.hpp"
#include "diagnose/probe/flight_reader.hpp"
#include "fuzz/demand.hpp"

#include <algorithm>

using namespace alert40;
using namespace alert40::diagnose;

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    static auto const hello = message_of(built({.server_name = "origin.test", .alpn = {"h2"}}));
    static auto const keys = *tls::engine::ClientKeys::make(std::vector<std::uint16_t>{0x001d});
    std::span<std::uint8_t const> const bytes{data, size};

    FlightReader whole{hello, &keys};
    whole.feed(bytes);
    FlightReader cut{hello, &keys};
    for (std::size_t i = 0; i < size && !cut.over(); i += 1 + i / 8)
        cut.feed(bytes.subspan(i, std::min(1 + i / 8, size - i)));
    fuzz::demand(whole.over() == cut.over());
    whole.end(tls::FailureKind::eof, "");
    cut.end(tls::FailureKind::eof, "");

    auto const& answer = whole.answer();
    fuzz::demand(summary_of(answer) == summary_of(cut.answer()));
    fuzz::demand(answer.certificates == cut.answer().certificates && answer.choice == cut.answer().choice);
    fuzz::demand(answer.alerts.size() <= Answer::most_alerts && answer.start.size() <= Answer::most_start);
    fuzz::demand(answer.works() || answer.failure || answer.hidden_alert);
    return 0;
}
