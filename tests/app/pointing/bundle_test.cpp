#include "app/pointing/bundle.hpp"

#include "support/catch.hpp"
#include "support/scratch_folder.hpp"

#include <fstream>
#include <iterator>

using namespace alert40::app::pointing;
using alert40::tests::ScratchFolder;

namespace {

std::string read(std::filesystem::path const& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

} // namespace

TEST_CASE("a bundle is the system's and ours, and follows both") {
    ScratchFolder const scratch;
    auto const base = scratch.write("system.pem", "SYSTEM"); // without an end of line
    auto const bundle = scratch.path() / "bundle.pem";
    CHECK(refresh_bundle(base, "OURS\n", bundle) == std::nullopt);
    CHECK(read(bundle) == "SYSTEM\nOURS\n");
    scratch.write("system.pem", "NEWER\n");
    CHECK(refresh_bundle(base, "OURS\n", bundle) == std::nullopt);
    CHECK(read(bundle) == "NEWER\nOURS\n");
    CHECK(refresh_bundle(base, "OTHER\n", bundle) == std::nullopt);
    CHECK(read(bundle) == "NEWER\nOTHER\n");
}

TEST_CASE("a bundle that is right is left alone") {
    ScratchFolder const scratch;
    auto const base = scratch.write("system.pem", "SYSTEM\n");
    auto const bundle = scratch.write("bundle.pem", "SYSTEM\nOURS\n");
    auto const long_ago = std::filesystem::file_time_type::clock::now() - std::chrono::hours(1);
    std::filesystem::last_write_time(bundle, long_ago);
    CHECK(refresh_bundle(base, "OURS\n", bundle) == std::nullopt);
    CHECK(std::filesystem::last_write_time(bundle) == long_ago);
}

TEST_CASE("what cannot be read or written is named") {
    ScratchFolder const scratch;
    CHECK_THAT(refresh_bundle("/nowhere/a.pem", "", scratch.path() / "b").value(),
               Catch::Contains("/nowhere/a.pem"));
    CHECK_THAT(refresh_bundle(scratch.write("a", "A\n"), "", "/nowhere/b.pem").value(),
               Catch::Contains("/nowhere/b.pem"));
}

TEST_CASE("of many bundles those that were used last stay") {
    ScratchFolder const scratch;
    auto const long_ago = std::filesystem::file_time_type::clock::now() - std::chrono::hours(9);
    for (int i = 0; i < 5; ++i)
        std::filesystem::last_write_time(scratch.write("bundle-" + std::to_string(i), "A"),
                                         long_ago + std::chrono::hours(i));
    auto const other = scratch.write("ca.pem", "CA");
    remove_old_bundles(scratch.path() / "bundle-0", "bundle-", 3);
    CHECK(std::filesystem::exists(other));
    for (auto const& [name, stays] : {std::pair("bundle-0", true),
                                      {"bundle-1", false},
                                      {"bundle-2", false},
                                      {"bundle-3", true},
                                      {"bundle-4", true}})
        CHECK(std::filesystem::exists(scratch.path() / name) == stays);
}
