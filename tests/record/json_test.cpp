#include "record/json.hpp"
#include "record/json_shape.hpp"
#include "support/catch.hpp"
#include "support/golden.hpp"
#include "support/sample_records.hpp"

#include <boost/json.hpp>

#include <fstream>
#include <iterator>

using namespace alert40;
using namespace alert40::tests;
using record::parse_record;
using record::to_json;

TEST_CASE("a record is one line of JSON") {
    auto bare = sample_dial("modern", 1);
    bare = failed(
        bare, broken(tls::FailureKind::refused, tls::Phase::connect, "192.0.2.7:443: Connection refused"));
    bare.listener.clear();
    auto const lines = to_json(full_record()) + '\n' + to_json(established(sample_dial("modern", 1), "h2")) +
                       '\n' + to_json(failed(sample_dial("modern", 1), alert_received(40))) + '\n' +
                       to_json(bare) + '\n' + to_json(full_connection_failure()) + '\n' +
                       to_json(full_broken_exchange()) + '\n' + to_json(full_ladder_record()) + '\n' +
                       to_json(full_diagnosis()) + '\n';
    check_golden("record/records.jsonl", lines);
}

TEST_CASE("who was watched or intercepted is read back, and absent where nobody was") {
    auto watched =
        failed(sample_dial("", 1), alert_sent(48, tls::Phase::certificate, "alert 48 from the app"));
    watched.failure->by = tls::By::downstream;
    watched.mode = "watch";
    watched.client = "Python (OpenSSL 3)";
    auto const text = to_json(watched);
    CHECK(text.find(R"("attempt":1)") != std::string::npos);
    CHECK(text.find(R"x("mode":"watch","client":"Python (OpenSSL 3)")x") != std::string::npos);
    CHECK(text.find(R"("profile")") == std::string::npos);
    CHECK(std::get<record::Record>(parse_record(text)) == record::Record{watched});

    auto passed = established(watched, "");
    passed.failure.reset();
    passed.outcome = record::Outcome::passed;
    CHECK(std::get<record::Record>(parse_record(to_json(passed))) == record::Record{passed});

    auto intercepted =
        failed(established(sample_dial("", 1), "h2"), alert_received(46, tls::Phase::certificate));
    intercepted.side = record::Side::downstream;
    intercepted.failure->by = tls::By::downstream;
    intercepted.mode = "intercept";
    intercepted.notes = {"watched from now on for 1h"};
    CHECK(std::get<record::Record>(parse_record(to_json(intercepted))) == record::Record{intercepted});
    CHECK(to_json(intercepted).find(R"("client")") == std::string::npos);

    CHECK(to_json(sample_dial("modern", 1)).find(R"("mode")") == std::string::npos);
}

TEST_CASE("what was written is read back") {
    CHECK(std::get<record::Record>(parse_record(to_json(full_record()))) == record::Record{full_record()});
    CHECK(std::get<record::Record>(parse_record(to_json(full_connection_failure()))) ==
          record::Record{full_connection_failure()});
    auto long_lived = full_broken_exchange();
    long_lived.exchange->time = std::chrono::hours{48};
    for (auto const& one : {full_broken_exchange(), long_lived})
        CHECK(std::get<record::Record>(parse_record(to_json(one))) == record::Record{one});
    CHECK(std::get<record::Record>(parse_record(to_json(full_ladder_record()))) ==
          record::Record{full_ladder_record()});
    CHECK(std::get<record::Record>(parse_record(to_json(full_diagnosis()))) ==
          record::Record{full_diagnosis()});
    for (auto const& record : {record::HandshakeRecord{}, established(sample_dial("modern", 1), "h2")})
        CHECK(std::get<record::Record>(parse_record(to_json(record))) == record::Record{record});
}

TEST_CASE("an alert that has no name keeps its number") {
    auto const record = failed(sample_dial("modern", 1), alert_received(199));
    CHECK(std::get<record::Record>(parse_record(to_json(record))) == record::Record{record});
}

TEST_CASE("bytes from the network cannot break the line or its encoding") {
    auto record = established(sample_dial("modern", 1), "h2\xff\n\"");
    auto const line = to_json(record);
    CHECK(line.find('\n') == std::string::npos);
    auto const back = std::get<record::HandshakeRecord>(std::get<record::Record>(parse_record(line)));
    CHECK(back.handshake.negotiated->alpn == "h2\\xff\n\"");
}

TEST_CASE("a line that is not a record says why") {
    auto const reason = [](std::string_view line) {
        return std::get<record::MalformedRecord>(parse_record(line)).reason;
    };
    auto const with = [](std::string_view from, std::string_view to) {
        auto line = to_json(full_record());
        auto const at = line.find(from);
        REQUIRE(at != std::string::npos);
        return line.replace(at, from.size(), to);
    };
    CHECK(reason("") == "not JSON: incomplete JSON");
    CHECK(reason("[]") == "not an object");
    CHECK(reason("{}") == "type: not \"handshake\", \"connection_failure\", \"ladder\" or \"diagnosis\"");
    CHECK(reason(R"({"type":7})") ==
          "type: not \"handshake\", \"connection_failure\", \"ladder\" or \"diagnosis\"");
    CHECK(reason(R"({"type":"handshake"})") == "id: missing");
    CHECK(reason(with("\"phase\":\"certificate\"", "\"phase\":\"lunch\"")) == "failure.phase: unknown value");
    CHECK(reason(with("\"port\":443", "\"port\":65536")) == "target.port: not a number that fits");
    CHECK(reason(with("\"port\":443", "\"port\":-1")) == "target.port: not a number that fits");
    CHECK(reason(with("\"mode\":\"intercept\"", "\"mode\":true")) == "mode: not a string");
    CHECK(reason(with("\"client\":\"Node", "\"client\":7,\"x\":\"Node")) == "client: not a string");
    CHECK(reason(with("\"attempt\":6", "\"attempt\":\"6\"")) == "attempt: not a number that fits");
    CHECK(reason(with("\"scsv\":true", "\"scsv\":1")) == "offered.scsv: not true or false");
    CHECK(reason(with("\"groups\":[\"x25519\"", "\"groups\":[25519")) == "offered.groups: not a string");
    CHECK(reason(with("\"timing_us\":{", "\"timing_us\":7,\"x\":{")) == "timing_us: not an object");
    CHECK(reason(with("\"2026-11-23T", "\"2026-13-23T")) == "time: not a time");
    CHECK(reason(std::string(2 << 20, ' ')) == "longer than any record");
    CHECK(reason(std::string(1000, '[')) == "not JSON: too deep");
}

TEST_CASE("a key of a later version is passed over") {
    auto line = to_json(full_record());
    line.insert(1, R"("seen_by":"lab","flights":[{"a":1}],)");
    CHECK(std::get<record::Record>(parse_record(line)) == record::Record{full_record()});
}

namespace {

/// A Shape that collects "key" and "key.key".
struct Keys {
    std::vector<std::string>& names;
    std::string prefix;

    void always(std::string_view key, auto const& member) {
        names.push_back(prefix + std::string{key});
        nested(names.back() + '.', member);
    }

    void unless_empty(std::string_view key, auto const& member) { always(key, member); }

    void derived(std::string_view key, std::string_view) { names.push_back(prefix + std::string{key}); }

  private:
    void nested(std::string const&, std::string const&) {}

    template <typename T>
    void nested(std::string const& at, std::optional<T> const&) {
        nested(at, T{});
    }

    template <typename T>
    void nested(std::string const& at, std::vector<T> const&) {
        nested(at, T{});
    }

    void nested(std::string const& at, auto const& member) {
        Keys inner{names, at};
        if constexpr (requires { record::shape(inner, member); }) record::shape(inner, member);
    }
};

} // namespace

TEST_CASE("docs/records.md defines every key that can be written") {
    std::ifstream in{ALERT40_TESTS_DIR "/../docs/records.md"};
    REQUIRE(in.good());
    std::string const text{std::istreambuf_iterator<char>{in}, {}};
    std::vector<std::string> keys;
    Keys shape{keys, ""};
    record::shape(shape, std::as_const(*std::make_unique<record::HandshakeRecord>()));
    record::shape(shape, std::as_const(*std::make_unique<record::ConnectionFailureRecord>()));
    record::shape(shape, std::as_const(*std::make_unique<record::LadderRecord>()));
    record::shape(shape, std::as_const(*std::make_unique<record::DiagnosisRecord>()));
    CHECK(keys.size() > 65);
    for (auto const& key : keys) {
        INFO(key);
        CHECK(text.find("| `" + key + "` |") != std::string::npos);
    }
}

TEST_CASE("the examples of docs/records.md are records") {
    std::ifstream in{ALERT40_TESTS_DIR "/../docs/records.md"};
    std::string const text{std::istreambuf_iterator<char>{in}, {}};
    std::vector<record::HandshakeRecord> examples;
    for (auto at = text.find("```json\n"); at != std::string::npos; at = text.find("```json\n", at)) {
        auto const begin = at + 8;
        at = text.find("```", begin);
        auto const parsed = parse_record(text.substr(begin, at - begin));
        REQUIRE(std::holds_alternative<record::Record>(parsed));
        examples.push_back(std::get<record::HandshakeRecord>(std::get<record::Record>(parsed)));
    }
    REQUIRE(examples.size() == 2);
    CHECK(examples[0].failure == alert_received(40));
    CHECK(examples[0].next == "retry");
    CHECK(examples[1].mode == "watch");
    CHECK(examples[1].failure->alert == alert_received(40).alert);
}
