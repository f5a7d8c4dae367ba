#include "app/file_watch.hpp"

#include "support/catch.hpp"
#include "support/scratch_folder.hpp"

using alert40::app::FileWatch;
using alert40::tests::ScratchFolder;
using News = FileWatch::News;

TEST_CASE("a file that stays as it is is no news") {
    ScratchFolder const folder;
    FileWatch watch(folder.write("policy.toml", "a"));
    for (int i = 0; i < 3; ++i)
        CHECK(watch.look() == News::none);
}

TEST_CASE("a change is news once, when the file has settled") {
    ScratchFolder const folder;
    FileWatch watch(folder.write("policy.toml", "a"));
    folder.write("policy.toml", "half of");
    CHECK(watch.look() == News::none);
    folder.write("policy.toml", "half of a file, and now the rest");
    CHECK(watch.look() == News::none); // it was still growing
    CHECK(watch.look() == News::changed);
    CHECK(watch.look() == News::none);
}

TEST_CASE("an editor that puts a new file in the place of the old one is noticed, same size or not") {
    ScratchFolder const folder;
    FileWatch watch(folder.write("policy.toml", "abc"));
    folder.write("policy.toml.new", "xyz");
    std::filesystem::rename(folder.path() / "policy.toml.new", folder.path() / "policy.toml");
    CHECK(watch.look() == News::none);
    CHECK(watch.look() == News::changed);
}

TEST_CASE("a file that goes away is news, and so is its return") {
    ScratchFolder const folder;
    FileWatch watch(folder.write("policy.toml", "a"));
    std::filesystem::remove(folder.path() / "policy.toml");
    CHECK(watch.look() == News::none);
    CHECK(watch.look() == News::gone);
    CHECK(watch.look() == News::none);
    folder.write("policy.toml", "b");
    CHECK(watch.look() == News::none);
    CHECK(watch.look() == News::changed);
}

TEST_CASE("an editor that removes the file for a moment does not make it gone") {
    ScratchFolder const folder;
    FileWatch watch(folder.write("policy.toml", "a"));
    std::filesystem::remove(folder.path() / "policy.toml");
    CHECK(watch.look() == News::none);
    folder.write("policy.toml", "b");
    CHECK(watch.look() == News::none);
    CHECK(watch.look() == News::changed);
}

TEST_CASE("a file that is not there yet is watched for") {
    ScratchFolder const folder;
    FileWatch watch(folder.path() / "policy.toml");
    CHECK(watch.look() == News::none);
    folder.write("policy.toml", "a");
    CHECK(watch.look() == News::none);
    CHECK(watch.look() == News::changed);
}

TEST_CASE("no file at all is never news") {
    FileWatch watch({});
    CHECK(watch.look() == News::none);
    CHECK(watch.look() == News::none);
}
