#include "diagnose/explain/explanation.hpp"
#include "policy/http_code.hpp"
#include "text/joined.hpp"

namespace alert40::explain {

namespace {

constexpr std::size_t label_width = 9;

/// `text` in lines that begin in `column`; the first one begins where the caller stands.
std::string wrapped(std::string_view text, std::size_t column, std::size_t width) {
    std::string out;
    auto at = column;
    while (!text.empty()) {
        auto const word = text.substr(0, text.find(' '));
        if (at != column && at + 1 + word.size() > width) {
            out.append("\n").append(column, ' ');
            at = column;
        } else if (at != column) {
            out += ' ';
            ++at;
        }
        out += word;
        at += word.size();
        text.remove_prefix(std::min(word.size() + 1, text.size()));
    }
    return out;
}

class Page {
  public:
    explicit Page(std::size_t width)
        : width_{width} {}

    void headline(std::string_view text) { out_.append(wrapped(text, 0, width_)).append("\n"); }

    void row(std::string_view label, std::string_view text) {
        if (text.empty()) return;
        out_.append("  ").append(label).append(label_width - 2 - label.size(), ' ');
        out_.append(wrapped(text, label_width, width_)).append("\n");
    }

    /// Below the text of a row.
    void below(std::string_view text, std::size_t indent) {
        if (text.empty()) return;
        out_.append(label_width + indent, ' ')
            .append(wrapped(text, label_width + indent, width_))
            .append("\n");
    }

    std::string take() { return std::move(out_); }

  private:
    std::size_t width_;
    std::string out_;
};

std::string labelled(std::string_view label, std::string const& text) {
    return text.empty() ? text : std::string{label} + text;
}

std::string seen(SeenFailure const& failure) {
    auto text = "line " + std::to_string(failure.line);
    if (failure.count > 1) text = std::to_string(failure.count) + " times, first on " + text;
    if (!failure.hosts.empty())
        text += "; " + text::joined(failure.hosts) + (failure.more_hosts ? " and others" : "");
    return text;
}

std::string code(Sighting const& sighting, Alerts may_be) {
    if (sighting.subject.is_alert())
        return std::to_string(sighting.subject.number()) + " " +
               std::string{name_of(sighting.subject.alert())};
    std::vector<std::string> numbers;
    for (unsigned value = 0; value < 256; ++value)
        if (may_be.has(static_cast<tls::AlertDescription>(value))) numbers.push_back(std::to_string(value));
    return numbers.empty() ? std::string{} : "one of " + text::joined(numbers) + "; the words do not tell";
}

void add(Page& page, ExplainedReading const& reading) {
    page.row("who", reading.who);
    page.row("when", reading.when);
    page.row("means", reading.means);
    page.row("but", reading.not_this);
    std::size_t number = 0;
    for (auto const& cause : reading.causes) {
        page.row(number == 0 ? "likely" : "", std::to_string(number + 1) + ". " + cause.likely);
        page.below(labelled("client: ", cause.client), 3);
        page.below(labelled("server: ", cause.server), 3);
        ++number;
    }
    bool first = true;
    for (auto const& step : reading.next) {
        page.row(first ? "next" : "", step.command);
        page.below(step.shows, 3);
        first = false;
    }
}

} // namespace

std::string text_of(SeenFailure const& failure, std::size_t width) {
    auto const explanation = explain(failure);
    Page page{width};
    bool const several = explanation.readings.size() > 1;
    auto const& first = explanation.readings.front();
    page.headline(several ? "Alert " + code(failure.sighting, {}) + ": it depends on which side wrote this."
                          : first.gist);
    page.row("text", failure.text);
    page.row("seen", seen(failure));
    page.row("by", explanation.speaker);
    if (!several) page.row("alert", code(failure.sighting, explanation.may_be));
    for (auto const& reading : explanation.readings) {
        if (several)
            page.headline("\n" + ("If a " + std::string{name_of(reading.side)} + " wrote this: ") +
                          reading.gist);
        add(page, reading);
    }
    return page.take();
}

} // namespace alert40::explain
