// Every example of docs/policy.md is a policy that parses, without a warning that the text does not mean, and
// can be described.
#include "policy/describe.hpp"
#include "policy/parse/parse.hpp"
#include "policy/time_text.hpp"
#include "support/catch.hpp"
#include "support/fake_capabilities.hpp"

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

using namespace alert40;
using namespace alert40::policy;

namespace {

std::vector<std::string> toml_blocks(std::filesystem::path const& file) {
    std::ifstream in(file);
    std::vector<std::string> blocks;
    bool inside = false;
    for (std::string line; std::getline(in, line);) {
        if (line == "```toml") blocks.emplace_back();
        if (inside && line != "```") blocks.back() += line + "\n";
        inside = line == "```toml" || (inside && line != "```");
    }
    return blocks;
}

/// A folder with the files that the examples name.
class Folder {
  public:
    Folder()
        : path_(std::filesystem::temp_directory_path() / "alert40-docs-test") {
        std::filesystem::create_directories(path_);
        for (auto const* name : {"ca.pem", "ca.key", "client.pem", "client.key"})
            std::ofstream(path_ / name) << name;
    }

    ~Folder() { std::filesystem::remove_all(path_); }

    std::filesystem::path file() const { return path_ / "policy.toml"; }

  private:
    std::filesystem::path path_;
};

} // namespace

TEST_CASE("every example of docs/policy.md parses, and is told in words") {
    tests::FakeCapabilities const capabilities;
    Folder const folder;
    auto const blocks = toml_blocks(ALERT40_TESTS_DIR "/../docs/policy.md");
    REQUIRE(blocks.size() >= 12);
    for (auto const& block : blocks) {
        CAPTURE(block);
        auto const parsed =
            parse::parse_policy(block, folder.file(), capabilities, *parse_time("2026-11-23T00:00:00Z"));
        if (!parsed) FAIL(parsed.error().front().text());
        for (auto const& warning : parsed->warnings) {
            INFO(warning.text());
            CHECK((warning.message.find("weak") != std::string::npos ||
                   warning.message.find("on purpose") != std::string::npos));
        }
        auto const words = describe(parsed->policy, capabilities);
        for (auto const& rule : parsed->policy.rules)
            CHECK(words.find("rule \"" + rule.name + "\", for ") != std::string::npos);
        for (auto const& one : parsed->policy.listen.credentials)
            CHECK(words.find(one.substr(one.find(':') + 1)) == std::string::npos);
    }
}
