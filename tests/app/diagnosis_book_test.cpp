#include "app/diagnosis_book.hpp"

#include "support/catch.hpp"

using namespace alert40;
using namespace std::chrono_literals;
using app::DiagnosisBook;

namespace {

DiagnosisBook::Time const start{};

proxy::Ailment ailment(std::string key) {
    return {.key = std::move(key), .origin = {"https", "api.example.com", 443}, .profile = {}};
}

DiagnosisBook::Diagnosis diagnosis(std::string verdict) {
    record::DiagnosisRecord record;
    record.verdict = std::move(verdict);
    return std::make_shared<record::DiagnosisRecord const>(std::move(record));
}

} // namespace

TEST_CASE("however often it fails, it is diagnosed once an hour") {
    DiagnosisBook book;
    CHECK(book.admit(ailment("a"), start));
    CHECK_FALSE(book.admit(ailment("a"), start)); // waits
    REQUIRE(book.next());
    CHECK_FALSE(book.next());
    CHECK_FALSE(book.admit(ailment("a"), start + 1s)); // under way
    book.settle("a", diagnosis("first"));
    CHECK_FALSE(book.admit(ailment("a"), start + 59min));
    CHECK_FALSE(book.waits());
    CHECK(book.admit(ailment("a"), start + 1h));
    CHECK(book.waits());
}

TEST_CASE("another origin, or another way there, is diagnosed by itself, in turn") {
    DiagnosisBook book;
    CHECK(book.admit(ailment("a"), start));
    CHECK(book.admit(ailment("b"), start));
    CHECK(book.next()->key == "a");
    CHECK(book.next()->key == "b");
}

TEST_CASE("what was found out is known for an hour") {
    DiagnosisBook book;
    CHECK_FALSE(book.find("a", start));
    book.admit(ailment("a"), start);
    CHECK_FALSE(book.find("a", start));
    book.settle("a", diagnosis("first"));
    REQUIRE(book.find("a", start + 59min));
    CHECK(book.find("a", start + 59min)->verdict == "first");
    REQUIRE(book.all(start + 59min).size() == 1);
    CHECK(book.all(start + 59min).front()->verdict == "first");
    CHECK(book.all(start + 1h).empty());
    CHECK_FALSE(book.find("a", start + 1h));
    book.admit(ailment("a"), start + 1h);
    CHECK_FALSE(book.find("a", start + 1h)); // the old one counts no more
}

TEST_CASE("what was forgotten is diagnosed anew; what is still to come, comes") {
    DiagnosisBook book;
    book.admit(ailment("a"), start);
    book.next();
    CHECK(book.forget("*") == 0);
    CHECK_FALSE(book.admit(ailment("a"), start)); // under way
    book.settle("a", diagnosis("first"));
    CHECK(book.forget("other.example.com") == 0);
    CHECK_FALSE(book.admit(ailment("a"), start));
    CHECK(book.forget("api.example.com") == 1);
    CHECK_FALSE(book.find("a", start));
    CHECK(book.admit(ailment("a"), start));
}

TEST_CASE("what nobody has admitted settles nothing") {
    DiagnosisBook book;
    book.settle("a", diagnosis("stray"));
    CHECK_FALSE(book.find("a", start));
}

TEST_CASE("few wait; who found no room is admitted when there is some") {
    DiagnosisBook book;
    for (std::size_t i = 0; i < DiagnosisBook::most_waiting; ++i)
        CHECK(book.admit(ailment("waits " + std::to_string(i)), start));
    CHECK_FALSE(book.admit(ailment("late"), start));
    book.next();
    CHECK(book.admit(ailment("late"), start));
}

TEST_CASE("no more are kept than there is room for, and those of an hour ago make room") {
    DiagnosisBook book;
    for (std::size_t i = 0; i < DiagnosisBook::most_kept; ++i) {
        REQUIRE(book.admit(ailment(std::to_string(i)), start));
        book.next();
    }
    CHECK_FALSE(book.admit(ailment("one more"), start + 59min));
    CHECK(book.admit(ailment("one more"), start + 1h));
}
