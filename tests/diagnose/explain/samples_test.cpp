// samples/*.txt: messages of real libraries, each with what it has to be explained as.
#include "explained.hpp"

#include <filesystem>
#include <sstream>
#include <vector>

using namespace alert40;

namespace {

struct Sample {
    std::string origin; ///< who says it, and how it came here
    std::string is;     ///< all of it in short
    std::string text;
};

std::vector<Sample> samples_in(std::string const& page) {
    std::vector<Sample> samples;
    std::string origin;
    std::istringstream in{page};
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with("@ "))
            origin = line.substr(2);
        else if (line.starts_with("> "))
            samples.push_back({origin, line.substr(2), {}});
        else if (!line.empty() && !line.starts_with("#"))
            samples.back().text += line + "\n";
    }
    return samples;
}

} // namespace

TEST_CASE("each message of the sample files is explained as what it is") {
    std::size_t files = 0;
    for (auto const& file :
         std::filesystem::directory_iterator(ALERT40_TESTS_DIR "/diagnose/explain/samples")) {
        ++files;
        for (auto const& sample : samples_in(tests::text_of_file(file.path().string()))) {
            INFO(file.path().filename().string() << ", " << sample.origin << "\n" << sample.text);
            CHECK_FALSE(sample.origin.empty());
            CHECK(tests::all_in_short(sample.text) == sample.is);
        }
    }
    CHECK(files > 1);
}
