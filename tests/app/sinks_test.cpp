#include "app/sinks.hpp"

#include "app/log.hpp"
#include "support/catch.hpp"
#include "support/sample_records.hpp"
#include "support/scratch_folder.hpp"

#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>

#include <fstream>
#include <functional>
#include <iterator>
#include <mutex>

using namespace alert40;
using namespace alert40::app;

namespace {

class CallAtLine : public spdlog::sinks::base_sink<std::mutex> {
  public:
    explicit CallAtLine(std::function<void()> call)
        : call_(std::move(call)) {}

  private:
    void sink_it_(spdlog::details::log_msg const&) override { call_(); }

    void flush_() override {}

    std::function<void()> call_;
};

std::string content(std::string const& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

} // namespace

TEST_CASE("who reads a line of the log finds its record in the file") {
    tests::ScratchFolder folder;
    auto const file = (folder.path() / "records.jsonl").string();
    start_log("info");
    std::string at_the_line;
    handshake_logger()->sinks() = {std::make_shared<CallAtLine>([&] { at_the_line = content(file); })};

    Sinks sinks(file);
    auto const dial = tests::sample_dial("default", 1);
    sinks.all().take(dial);
    spdlog::drop_all();

    REQUIRE(at_the_line.find(dial.id) != std::string::npos);
}
