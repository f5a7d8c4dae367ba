#include "diagnose/explain/failure_log.hpp"

#include "diagnose/explain/limits.hpp"
#include "record/printable.hpp"

#include <algorithm>
#include <array>

namespace alert40::explain {

namespace {

std::size_t indent_of(std::string_view line) {
    return std::min(line.find_first_not_of(" \t"), line.size());
}

/// A message that began at that depth goes on in such a line.
bool is_continuation(std::string_view line, std::size_t indent) {
    if (indent_of(line) > indent) return true;
    line.remove_prefix(indent_of(line));
    constexpr std::array<std::string_view, 6> beginnings{
        "}", "Caused by", "---", "[cause]", "Verification error", "Verify return code"};
    return std::ranges::any_of(beginnings,
                               [&](std::string_view beginning) { return line.starts_with(beginning); });
}

/// What the one says vaguely, the other says exactly.
bool covers(Subject vague, Subject exact) {
    auto const is = [&](Trouble trouble) { return vague == Subject{trouble}; };
    if (is(Trouble::unnamed_alert)) return exact.is_alert();
    if (is(Trouble::http2_broken)) return exact.is_http2();
    auto const about_certificate = !exact.is_alert() && !exact.is_http2() &&
                                   exact.number() < static_cast<unsigned>(Trouble::certificate_rejected);
    return is(Trouble::certificate_rejected) && about_certificate;
}

/// Python says so before it tells the same once more, wrapped.
bool tells_again(std::string_view line) {
    return line.starts_with("During handling of the above exception") ||
           line.starts_with("The above exception was the direct cause");
}

std::string quoted(std::string_view line, std::size_t at) {
    constexpr auto before = limits::shown_text / 3;
    bool const far = at > limits::shown_text / 2;
    auto const begin = far ? at - before : 0;
    return (far ? "..." : "") + record::printable(line.substr(begin), limits::shown_text);
}

bool alike(Sighting const& a, Sighting const& b) {
    return a.subject == b.subject && a.direction == b.direction && a.library == b.library &&
           a.program == b.program && a.side == b.side;
}

void add_host(SeenFailure& failure, std::string const& host) {
    if (host.empty() || std::ranges::find(failure.hosts, host) != failure.hosts.end()) return;
    if (failure.hosts.size() < limits::hosts)
        failure.hosts.push_back(host);
    else
        failure.more_hosts = true;
}

} // namespace

void FailureLog::add(std::string_view line, bool whole) {
    ++lines_;
    line = line.substr(0, limits::line_bytes);
    while (!line.empty() && (line.back() == '\r' || line.back() == '\n'))
        line.remove_suffix(1);
    if (open_ && tells_again(line)) traceback_until_ = lines_ + limits::one_exception;
    auto sighting = whole ? scanner_.scan_alone(line) : scanner_.scan(line);
    bool const goes_on = open_ && is_continuation(line, open_->indent);
    if (sighting && sighting->weight == Weight::aside) {
        if (open_ && lines_ - open_->last <= limits::around) complete(open_->sighting, *sighting);
        aside_ = Open{std::move(*sighting), {}, lines_, lines_};
    } else if (sighting && open_ && continues(*sighting, goes_on)) {
        extend(line, std::move(*sighting));
    } else if (sighting) {
        close();
        open(line, std::move(*sighting));
    }
    if (goes_on && open_) open_->last = lines_;
}

bool FailureLog::continues(Sighting const& sighting, bool goes_on) const {
    auto const& before = open_->sighting;
    auto const gap = lines_ - open_->last;
    if (lines_ <= traceback_until_) return true;
    if (goes_on && gap <= limits::one_exception)
        return before.subject == sighting.subject || before.weight != sighting.weight ||
               sighting.weight < Weight::plain;
    if (gap > limits::adjacent) return false;
    // What is wrapped belongs to what it wraps, which may stand before or behind it.
    return (before.weight == Weight::wrapped) != (sighting.weight == Weight::wrapped) ||
           covers(before.subject, sighting.subject) || covers(sighting.subject, before.subject);
}

void FailureLog::open(std::string_view line, Sighting sighting) {
    if (aside_ && lines_ - aside_->last <= limits::around) complete(sighting, aside_->sighting);
    aside_.reset();
    auto text = quoted(line, sighting.at);
    open_ = Open{std::move(sighting), std::move(text), lines_, lines_, indent_of(line)};
}

/// The last of a chain of exceptions is the first cause: of what weighs the same it says most.
void FailureLog::extend(std::string_view line, Sighting sighting) {
    open_->last = lines_;
    if (sighting.weight < open_->sighting.weight || sighting.subject == open_->sighting.subject)
        return complete(open_->sighting, sighting);
    complete(sighting, open_->sighting);
    open_->text = quoted(line, sighting.at);
    open_->sighting = std::move(sighting);
}

void FailureLog::close() {
    traceback_until_ = 0;
    if (!open_) return;
    auto const known = std::ranges::find_if(
        failures_, [&](SeenFailure const& one) { return alike(one.sighting, open_->sighting); });
    if (known != failures_.end()) {
        ++known->count;
        add_host(*known, open_->sighting.host);
        if (!known->sighting.phase) known->sighting.phase = open_->sighting.phase;
    } else if (failures_.size() < limits::failures) {
        failures_.push_back({open_->sighting, std::move(open_->text), open_->first});
        add_host(failures_.back(), open_->sighting.host);
    }
    open_.reset();
}

void FailureLog::finish() {
    close();
}

} // namespace alert40::explain
