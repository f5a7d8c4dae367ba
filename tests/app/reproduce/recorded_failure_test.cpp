// Which failure is meant, and files that hold anything.
#include "app/reproduce/samples.hpp"
#include "record/json.hpp"
#include "support/catch.hpp"

using namespace alert40;
using namespace alert40::tests;
using app::reproduce::records_in;
using app::reproduce::RecordsOfFile;

namespace {

record::HandshakeRecord fine() {
    auto record = established(sample_dial("http1", 2), "http/1.1");
    record.id = "fine";
    return record;
}

} // namespace

TEST_CASE("the last failure, or the one that is named") {
    RecordsOfFile const file{
        {watched(alert_received(40), "1"), fine(), watched(alert_received(70), "2"), fine()}, false, {}};
    CHECK(app::reproduce::choose(file, "").failure->id == "2");
    CHECK(app::reproduce::choose(file, "1").failure->failure.alert->description ==
          tls::AlertDescription::handshake_failure);
    CHECK(app::reproduce::choose(file, "1").failure->others.size() == 3);
    CHECK(app::reproduce::choose(file, "fine").error.starts_with("the record fine is of no failure; "));
    CHECK(app::reproduce::choose(file, "3").error ==
          "there is no record 3 in it; --list shows those of failures");
    CHECK(failures_in(file) ==
          std::vector<std::string>{
              "1  api.example.com:443  alert 40 handshake_failure from the server after client_hello",
              "2  api.example.com:443  alert 70 protocol_version from the server after client_hello"});
}

TEST_CASE("where nothing failed") {
    CHECK(app::reproduce::choose({}, "").error == "there is no record in it");
    CHECK(app::reproduce::choose({{fine()}, false, {}}, "").error == "none of its 1 records is of a failure");
}

TEST_CASE("a handshake that an app finished before it refused, where that is known") {
    using app::reproduce::Taken;
    auto const chosen = choose({{fine()}, false, {}}, "", Taken::finished_handshakes);
    REQUIRE(chosen.failure);
    CHECK(chosen.failure->failure.by == tls::By::downstream);
    CHECK(chosen.failure->failure.phase == tls::Phase::after);
}

TEST_CASE("what broke after a handshake has that with it") {
    auto broken = full_connection_failure();
    auto handshake = fine();
    handshake.id = broken.handshake;
    auto const failed = last_of({handshake, broken});
    CHECK(failed.after_handshake);
    CHECK(failed.handshake == handshake);
    CHECK(last_of({broken}).handshake.target == broken.target);
}

TEST_CASE("lines of a file") {
    auto const one = to_json(watched(alert_received(40), "1")), two = to_json(fine());
    auto const found = records_in(one + "\n\nnonsense\r\n" + two);
    CHECK(found.records.size() == 2);
    REQUIRE(found.complaints.size() == 1);
    CHECK(found.complaints[0].starts_with("line 3 is no record: "));
}

TEST_CASE("one record, as a person has it from a mail") {
    auto text = to_json(watched(alert_received(40), "1"));
    for (auto at = text.find(",\""); at != std::string::npos; at = text.find(",\"", at + 3))
        text.insert(at + 1, "\n  ");
    CHECK(records_in(text).records.size() == 1);
}

TEST_CASE("a file that is not there") {
    CHECK_THROWS_WITH(app::reproduce::records_of_file("/nowhere/at.jsonl"),
                      "/nowhere/at.jsonl: No such file or directory");
}
