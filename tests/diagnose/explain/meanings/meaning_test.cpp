#include "diagnose/explain/meanings/likely_cause.hpp"
#include "diagnose/explain/meanings/meaning.hpp"
#include "support/catch.hpp"

#include <algorithm>
#include <set>

using namespace alert40::explain;
using alert40::tls::AlertDescription;

TEST_CASE("each subject has a meaning") {
    auto const all = all_meanings();
    for (int trouble = 0; trouble <= static_cast<int>(Trouble::no_tls_failure); ++trouble) {
        Subject const subject = static_cast<Trouble>(trouble);
        CHECK(std::ranges::count(all, subject, &Meaning::subject) == 1);
    }
    for (std::uint32_t code = 0; code < 14; ++code)
        CHECK(std::ranges::count(all, Subject{Http2Error{code}}, &Meaning::subject) == 1);
}

TEST_CASE("a name stands for one subject") {
    std::set<std::string_view> names;
    Subject before = Trouble::closed;
    for (auto const& meaning : all_meanings()) {
        if (!(meaning.subject == before)) CHECK(names.insert(meaning.name).second);
        before = meaning.subject;
    }
}

TEST_CASE("each cause that a meaning names is there, and says what mends it") {
    for (auto const& meaning : all_meanings())
        for (auto const name : meaning.causes) {
            if (name.empty()) continue;
            INFO(meaning.name << ": " << name);
            auto const cause = likely_cause(name);
            CHECK(cause.name == name);
            CHECK_FALSE((cause.client.empty() && cause.server.empty()));
        }
}

TEST_CASE("what an alert means depends on who received it, where that makes a difference") {
    CHECK(meanings_of(AlertDescription::unknown_ca, Side::unknown).size() == 2);
    CHECK(meanings_of(AlertDescription::unknown_ca, Side::client).size() == 1);
    CHECK(meanings_of(AlertDescription::unknown_ca, Side::server).front().side == Side::server);
    CHECK(meanings_of(AlertDescription::internal_error, Side::server).size() == 1);
    CHECK(meanings_of(static_cast<AlertDescription>(200), Side::unknown).front().name == "alert");
}
