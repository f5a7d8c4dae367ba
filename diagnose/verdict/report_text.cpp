#include "diagnose/verdict/report.hpp"

#include "text/wrapped.hpp"

#include <algorithm>
#include <cctype>

namespace alert40::diagnose {
namespace {

std::string capital(std::string sentence) {
    if (!sentence.empty())
        sentence.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(sentence.front())));
    return sentence + ".";
}

std::string title(Findings const& findings, Verdict const& verdict) {
    auto text = findings.target.text() + ": " + std::string(name_of(verdict.kind));
    if (verdict.kind == Verdict::Kind::healthy) return text;
    for (std::size_t i = 0; i < verdict.causes.size(); ++i)
        text += (i == 0 ? " (" : ", ") + verdict.causes[i];
    if (!verdict.causes.empty()) text += ")";
    return text + ", confidence " + std::string(name_of(verdict.confidence));
}

class Page {
  public:
    explicit Page(std::size_t width)
        : width_(width) {}

    void line(std::string_view text, std::string_view first = "", std::string_view next = "") {
        text_ += text::wrapped(text, width_, first, next) + '\n';
    }

    void section(std::string_view heading) { text_ += '\n' + std::string(heading) + '\n'; }

    std::string take() { return std::move(text_); }

  private:
    std::size_t width_;
    std::string text_;
};

void add_remedies(Page& page, Verdict const& verdict) {
    if (verdict.remedies.empty()) return;
    page.section("What to do");
    for (auto const& remedy : verdict.remedies)
        page.line(remedy.who + ": " + remedy.what + (remedy.weak ? " (weak: for this host only)" : ""), "  ",
                  "    ");
}

} // namespace

std::string report_text(Findings const& findings, Verdict const& verdict, std::size_t width) {
    Page page(width);
    page.line(title(findings, verdict));
    page.line(capital(verdict.sentence), "  ", "  ");
    add_remedies(page, verdict);
    if (!verdict.evidence.empty()) page.section("Evidence");
    for (auto const& one : verdict.evidence)
        page.line(one, "  ", "    ");
    if (!findings.stopped.empty()) page.line("The search ended early: " + findings.stopped + ".", "  ", "  ");
    return page.take();
}

} // namespace alert40::diagnose
