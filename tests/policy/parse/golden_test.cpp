// Each tests/golden/policy/NAME.toml is a policy; NAME.txt says what becomes of it.
#include "policy/describe.hpp"
#include "policy/parse/parse.hpp"
#include "policy/time_text.hpp"
#include "support/catch.hpp"
#include "support/fake_capabilities.hpp"
#include "support/golden.hpp"

#include <algorithm>
#include <filesystem>

using namespace alert40;
using namespace alert40::policy;

namespace {

std::filesystem::path const folder = ALERT40_TESTS_DIR "/golden/policy";

std::string lines(std::vector<parse::Problem> const& problems) {
    std::string out;
    for (auto const& problem : problems)
        out += problem.text() + "\n";
    return out;
}

// The folder is another one on every machine.
std::string without_folder(std::string text) {
    auto const prefix = folder.string() + "/";
    for (auto at = text.find(prefix); at != std::string::npos; at = text.find(prefix))
        text.erase(at, prefix.size());
    return text;
}

std::vector<std::filesystem::path> policies() {
    std::vector<std::filesystem::path> all;
    for (auto const& entry : std::filesystem::directory_iterator(folder))
        if (entry.path().extension() == ".toml") all.push_back(entry.path());
    std::sort(all.begin(), all.end());
    return all;
}

} // namespace

TEST_CASE("each golden policy says what is wrong with it, or what it means") {
    tests::FakeCapabilities const capabilities;
    auto const now = *parse_time("2026-11-23T00:00:00Z");
    auto const all = policies();
    REQUIRE(all.size() > 20);
    for (auto const& file : all) {
        auto const parsed = parse::parse_policy_file(file, capabilities, now);
        auto const text = parsed ? lines(parsed->warnings) + "\n" + describe(parsed->policy, capabilities)
                                 : lines(parsed.error());
        tests::check_golden("policy/" + file.stem().string() + ".txt", without_folder(text));
    }
}
