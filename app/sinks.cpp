#include "app/sinks.hpp"

#include "app/log.hpp"

#include <filesystem>

#include <unistd.h>

namespace alert40::app {

Sinks::Sinks(std::string const& record_file, Log wanted) {
    std::vector<record::Sink*> all{&seen_};
    if (!record_file.empty()) {
        jsonl_.emplace(record_file, [](std::string const& sentence) { log(LogLevel::error, sentence); });
        all.push_back(&*jsonl_);
        file_ = std::filesystem::absolute(record_file).string();
    }
    // Last: who reads a line of the log finds its record in the file.
    if (wanted == Log::handshakes)
        all.push_back(&log_.emplace(handshake_logger(), record::log_style_for(STDERR_FILENO)));
    all_.emplace(std::move(all));
}

void Sinks::reopen_file() {
    if (jsonl_) jsonl_->reopen();
}

} // namespace alert40::app
