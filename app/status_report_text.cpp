#include "app/status_report.hpp"

#include "record/printable.hpp"

#include <algorithm>

namespace alert40::app {

namespace {

using namespace std::chrono_literals;

/// "2h 5m", "9m 3s", "12s".
std::string span_text(std::chrono::system_clock::duration span) {
    auto seconds = std::max(std::chrono::duration_cast<std::chrono::seconds>(span), 0s).count();

    struct Unit {
        std::int64_t seconds;
        char letter;
    };

    std::string out;
    int parts = 0;
    for (auto const [length, letter] : {Unit{86'400, 'd'}, Unit{3'600, 'h'}, Unit{60, 'm'}, Unit{1, 's'}}) {
        auto const count = seconds / length;
        seconds %= length;
        if (count == 0 && !(length == 1 && out.empty())) continue;
        out += (out.empty() ? "" : " ") + std::to_string(count) + letter;
        if (++parts == 2) break;
    }
    return out;
}

using Row = std::vector<std::string>;

/// Columns as wide as their widest cell; the last one is not filled up.
std::string table(std::vector<Row> const& rows) {
    std::vector<std::size_t> widths;
    for (auto const& row : rows)
        for (std::size_t i = 0; i < row.size(); ++i) {
            if (i == widths.size()) widths.push_back(0);
            widths[i] = std::max(widths[i], row[i].size());
        }
    std::string out;
    for (auto const& row : rows) {
        std::string line = "  ";
        for (std::size_t i = 0; i < row.size(); ++i)
            line += i + 1 == row.size() ? row[i] : row[i] + std::string(widths[i] - row[i].size() + 2, ' ');
        line.erase(line.find_last_not_of(' ') + 1);
        out += line + '\n';
    }
    return out;
}

std::string rules_text(StatusReport const& report, StatusReport::Time now) {
    std::vector<Row> rows;
    for (auto const& rule : report.rules) {
        auto const until = !rule.until          ? ""
                           : *rule.until <= now ? "is over"
                                                : "ends in " + span_text(*rule.until - now);
        rows.push_back({rule.name, until});
    }
    return rows.empty() ? "" : "rules\n" + table(rows);
}

std::string learned_text(StatusReport const& report, StatusReport::Time now) {
    if (report.learned.empty()) return "learned: nothing; every origin takes the first step of its ladder\n";
    std::vector<Row> rows{{"HOST", "PROFILE", "LADDER", "EXPIRES IN", "BECAUSE OF"}};
    for (auto const& entry : report.learned)
        rows.push_back({entry.host, entry.profile, entry.ladder + " #" + std::to_string(entry.step + 1),
                        span_text(entry.expires - now), entry.reason});
    return "learned\n" + table(rows);
}

std::string diagnosed_text(StatusReport const& report, StatusReport::Time now) {
    std::vector<Row> rows;
    for (auto const& one : report.diagnosed)
        rows.push_back({one.target, span_text(now - one.time) + " ago, confidence " + one.confidence,
                        record::printable(one.verdict)});
    return rows.empty() ? "" : "diagnosed\n" + table(rows);
}

} // namespace

std::string to_text(StatusReport const& report, StatusReport::Time now) {
    auto text = "alert40, process " + std::to_string(report.pid) + ", up for " +
                span_text(now - report.started) + '\n';
    for (auto const& listener : report.listening)
        text += "listening on " + listener + '\n';
    text += "policy: " + report.policy + ", loaded " + span_text(now - report.loaded) + " ago\n";
    if (report.problem) text += "the last reload was refused: " + *report.problem + '\n';
    if (!report.record_file.empty()) text += "records: " + report.record_file + '\n';
    return text + rules_text(report, now) + learned_text(report, now) + diagnosed_text(report, now);
}

} // namespace alert40::app
