#include "proxy/answer/problem.hpp"

#include "record/failure_text.hpp"
#include "record/printable.hpp"

namespace alert40::proxy {

namespace {

constexpr std::string_view style =
    "body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:3rem auto;padding:0 "
    "1rem;color:#222;background:#fff}"
    "h1{font-size:1.4rem}table{border-collapse:collapse;width:100%;font-size:.9rem}"
    "td,th{text-align:left;padding:.3rem .6rem .3rem 0;border-bottom:1px solid #ddd;vertical-align:top}"
    "code{background:#f3f3f3;padding:0 .2rem}footer{margin-top:2rem;color:#777;font-size:.85rem}"
    "@media(prefers-color-scheme:dark){body{color:#ddd;background:#181818}td,th{border-color:#444}code{"
    "background:#2a2a2a}}";

std::string escaped(std::string_view text) {
    std::string out;
    for (auto const c : record::printable(text)) {
        switch (c) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '"': out += "&quot;"; break;
        case '\'': out += "&#39;"; break;
        default: out += c;
        }
    }
    return out;
}

std::string row(record::HandshakeRecord const& attempt) {
    auto const what =
        attempt.failure ? record::failure_text(*attempt.failure) : std::string{name_of(attempt.outcome)};
    return "<tr><td>" + std::to_string(attempt.attempt) + "<td>" + escaped(attempt.profile) + "<td>" +
           escaped(attempt.target.address) + "<td>" + escaped(what) + "\n";
}

} // namespace

std::string error_page(Problem const& problem) {
    auto const title = escaped(problem.error.title);
    std::string page = "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" "
                       "content=\"width=device-width\">\n<title>" +
                       title + "</title>\n<style>" + std::string{style} + "</style>\n<h1>" + title +
                       "</h1>\n<p>" + escaped(problem.summary) + ".\n";
    if (!problem.cause.verdict.empty()) page += "<p><b>" + escaped(problem.cause.verdict) + "</b>\n";
    if (!problem.cause.remedies.empty()) {
        page += "<h2>What mends it</h2>\n<ul>\n";
        for (auto const& remedy : problem.cause.remedies)
            page += "<li>" + escaped(remedy) + "\n";
        page += "</ul>\n";
    }
    if (!problem.attempts.empty()) {
        page += "<h2>Attempts</h2>\n<table>\n<tr><th>#<th>profile<th>address<th>what happened\n";
        for (auto const& attempt : problem.attempts)
            page += row(attempt);
        page += "</table>\n";
    }
    page += "<footer>" + std::to_string(problem.error.status) + ' ' + std::string{problem.error.type} +
            " &middot; made by the alert40 proxy on this machine, not by the origin</footer>\n</html>\n";
    return page;
}

} // namespace alert40::proxy
