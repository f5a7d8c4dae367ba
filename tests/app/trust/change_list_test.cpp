#include "app/trust/change_list.hpp"

#include "support/catch.hpp"
#include "support/scratch_folder.hpp"

#include <fstream>

using namespace alert40::app::trust;
using alert40::tests::ScratchFolder;

namespace {

std::vector<Entry> const entries{{{Store::Kind::debian, "the system", "/usr/local"}, "AB:CD"},
                                 {{Store::Kind::nss, "Firefox", "/profiles/\"x\""}, "EF:01"}};

} // namespace

TEST_CASE("what was done is read again, until nothing is left") {
    ScratchFolder const scratch;
    auto const file = scratch.path() / "trust.json";
    ChangeList const list(file);
    CHECK(list.read()->empty());
    CHECK(list.write(entries) == std::nullopt);
    CHECK(*list.read() == entries);
    CHECK(list.write({}) == std::nullopt);
    CHECK_FALSE(std::filesystem::exists(file));
    CHECK(list.write({}) == std::nullopt);
}

TEST_CASE("a file that says something else is an error that names it") {
    ScratchFolder const scratch;
    auto const file = scratch.path() / "trust.json";
    auto const text = GENERATE("", "{}", "[1]", R"([{"kind":"nss"}])",
                               R"([{"kind":"other","owner":"","folder":"","sha256":""}])");
    std::ofstream(file) << text;
    CHECK_THAT(ChangeList(file).read().error(), Catch::Contains("trust.json"));
}

TEST_CASE("a list that cannot be written is an error") {
    CHECK(ChangeList("/nowhere/trust.json").write(entries));
}
