#include "record/log_line.hpp"

#include "record/failure_text.hpp"
#include "record/limits.hpp"
#include "record/printable.hpp"
#include "record/probable_cause.hpp"
#include "record/role.hpp"
#include "record/timestamp.hpp"
#include "text/joined.hpp"

#include <algorithm>
#include <cstdio>
#include <span>
#include <string_view>

namespace alert40::record {

namespace {

enum class Paint { plain, dim, green, yellow, red };

constexpr std::string_view escape_of(Paint paint) {
    switch (paint) {
    case Paint::plain: return "";
    case Paint::dim: return "\x1b[2m";
    case Paint::green: return "\x1b[32m";
    case Paint::yellow: return "\x1b[33m";
    case Paint::red: return "\x1b[31m";
    }
    return "";
}

struct Mark {
    std::string_view unicode, ascii;
    Paint paint;
};

// In the order of Outcome.
constexpr Mark marks[] = {{"✓", "ok  ", Paint::green}, {"✗", "FAIL", Paint::red}, {"·", "pass", Paint::dim}};

/// How many remedies a line has room for.
constexpr std::size_t hints_shown = 2;

/// A line under construction: parts in colour, groups set apart by two spaces.
class Line {
  public:
    explicit Line(LogStyle style)
        : style_(style) {}

    Line& part(std::string_view text, Paint paint = Paint::plain) {
        if (text.empty()) return *this;
        auto const escape = style_.colour ? escape_of(paint) : std::string_view{};
        text_.append(escape).append(text);
        if (!escape.empty()) text_ += "\x1b[0m";
        return *this;
    }

    Line& space() {
        text_ += ' ';
        return *this;
    }

    void group(std::string_view text, Paint paint = Paint::plain) {
        if (text.empty()) return;
        text_ += "  ";
        part(text, paint);
    }

    std::string take() { return std::move(text_); }

    LogStyle style() const { return style_; }

  private:
    LogStyle style_;
    std::string text_;
};

std::string shown(std::string_view text) {
    return printable(text, limits::shown_text);
}

/// "a b c"
std::string joined(std::vector<std::string> const& words) {
    return shown(text::joined(words, " "));
}

std::string endpoint(Target const& target) {
    auto const ipv6 = target.host.find(':') != std::string::npos;
    return (ipv6 ? '[' + shown(target.host) + ']' : shown(target.host)) + ':' + std::to_string(target.port);
}

/// "12 ms", "3.4 s", "0.4 ms"
std::string duration(std::chrono::microseconds time) {
    auto const us = static_cast<double>(time.count());
    char text[32];
    auto const n = us < 9'950     ? std::snprintf(text, sizeof text, "%.1f ms", us / 1e3)
                   : us < 999'500 ? std::snprintf(text, sizeof text, "%.0f ms", us / 1e3)
                                  : std::snprintf(text, sizeof text, "%.1f s", us / 1e6);
    return {text, static_cast<std::size_t>(n)};
}

/// "TLS 1.2-1.3": the lowest and the highest of what was offered, whose order on the wire does not matter
/// here.
std::string versions(std::vector<std::string> offered) {
    std::erase_if(offered, [](std::string const& name) { return name == "GREASE"; });
    if (offered.empty()) return "TLS";
    auto const [low, high] = std::ranges::minmax(offered);
    return shown(low == high ? "TLS " + low : "TLS " + low + '-' + high);
}

std::string offer(tls::Offered const& offered, Target const& target) {
    auto text = "offered " + versions(offered.versions) + ", " +
                (offered.alpn.empty() ? "no ALPN" : joined(offered.alpn));
    if (offered.server_name.empty())
        text += ", no SNI";
    else if (offered.server_name != target.host)
        text += ", SNI " + shown(offered.server_name);
    if (offered.scsv) text += ", FALLBACK_SCSV";
    return text;
}

/// What was agreed on, as far as it could be read: in TLS 1.3 the ALPN answer is encrypted.
std::string agreement(tls::Negotiated const& negotiated, Role role) {
    auto const hidden = role == Role::watched && negotiated.version == "1.3";
    std::string text = negotiated.version.empty() ? "TLS" : "TLS " + negotiated.version;
    for (auto const& name : {negotiated.cipher_suite, negotiated.group})
        if (!name.empty()) text += ' ' + name;
    if (!hidden || !negotiated.alpn.empty())
        text += ' ' + (negotiated.alpn.empty() ? "no ALPN" : negotiated.alpn);
    if (negotiated.resumed) text += " resumed";
    if (hidden) text += ", the rest is encrypted";
    return shown(text);
}

/// " (leaf for *.example.com)", where the certificate that the app was shown is not simply for the target.
std::string leaf(HandshakeRecord const& record) {
    auto const& chain = record.handshake.certificates;
    if (chain.empty() || chain.front().names.empty()) return "";
    auto const& name = chain.front().names.front();
    return name == record.target.host ? "" : " (leaf for " + shown(name) + ')';
}

std::string success(HandshakeRecord const& record, Role role) {
    auto const& [offered, negotiated, certificates, alerts, requested] = record.handshake;
    if (negotiated) return agreement(*negotiated, role) + (role == Role::intercepted ? leaf(record) : "");
    if (record.outcome == Outcome::passed) return offered ? "passed, unreadable" : "passed, not TLS";
    return offered ? "" : "no TLS";
}

/// "the server chose TLS 1.0 TLS_...", where that alone may be why it failed.
std::string old_version(HandshakeRecord const& record, Role role) {
    auto const& negotiated = record.handshake.negotiated;
    auto const old = negotiated && (negotiated->version == "1.0" || negotiated->version == "1.1");
    if (!old || role == Role::intercepted || role == Role::served) return "";
    return "the server chose " + agreement(*negotiated, role);
}

/// "#1 modern" of a dial; "watched: Chromium or Electron (BoringSSL)" of an app's handshake.
std::string part_taken(HandshakeRecord const& record, Role role) {
    if (role == Role::dialled)
        return '#' + std::to_string(record.attempt) +
               (record.profile.empty() ? "" : ' ' + shown(record.profile));
    std::string text = role == Role::served ? "" : record.mode + "ed";
    if (!text.empty() && !record.client.empty()) text += ": ";
    return text + shown(record.client);
}

std::string on_purpose(std::string const& rule) {
    return "on purpose, by rule \"" + shown(rule) + '"';
}

/// The first words on how an app's handshake is mended. Of a dial, the ladder and the error body take care.
std::string hint(HandshakeRecord const& record, Role role) {
    if (!record.injected_by.empty()) return on_purpose(record.injected_by);
    if (role == Role::dialled || !record.failure) return "";
    std::string text;
    auto const cause = probable_cause({&record, 1});
    for (auto const& remedy : std::span{cause.remedies}.first(std::min(cause.remedies.size(), hints_shown)))
        text.append(text.empty() ? "hint: " : "; or ").append(remedy);
    return text;
}

void who(Line& line, std::chrono::system_clock::time_point when, Outcome outcome, Side side,
         Target const& target) {
    auto const& mark = marks[static_cast<std::size_t>(outcome)];
    line.part(clock_time(when, line.style().local_time), Paint::dim).space();
    line.part(line.style().unicode ? mark.unicode : mark.ascii, mark.paint).space();
    line.part(name_of(side), Paint::dim).space().part(endpoint(target));
    if (!target.address.empty() && target.address != target.host)
        line.space().part((side == Side::downstream ? "(from " : "(") + shown(target.address) + ')',
                          Paint::dim);
    if (!target.via.empty() && target.via != "direct") line.space().part("via " + shown(target.via));
}

void what_next(Line& line, std::optional<std::string> const& next) {
    if (next) line.group((line.style().unicode ? "→ " : "-> ") + shown(*next), Paint::yellow);
}

} // namespace

std::string log_line(HandshakeRecord const& record, LogStyle style) {
    auto const role = role_in(record);
    Line line{style};
    who(line, record.time + record.timing.total, record.outcome, record.side, record.target);
    if (auto const part = part_taken(record, role); !part.empty()) line.space().part(part);
    if (record.failure) {
        line.group(failure_text(*record.failure, role), Paint::red);
        line.group(old_version(record, role));
    } else
        line.group(success(record, role));
    line.group(duration(record.timing.total));
    what_next(line, record.next);
    if (record.handshake.offered) line.group(offer(*record.handshake.offered, record.target), Paint::dim);
    if (!record.rules.empty())
        line.group((record.rules.size() == 1 ? "[rule " : "[rules ") + joined(record.rules) + ']',
                   Paint::dim);
    line.group(hint(record, role), Paint::yellow);
    for (auto const& note : record.notes)
        line.group("! " + shown(note), Paint::yellow);
    return line.take();
}

std::string log_line(ConnectionFailureRecord const& record, LogStyle style) {
    Line line{style};
    who(line, record.time, Outcome::failed, record.side, record.target);
    if (!record.profile.empty()) line.space().part(shown(record.profile));
    auto const role = record.side == Side::downstream ? Role::served : Role::dialled;
    line.group(failure_text(record.failure, role), Paint::red);
    what_next(line, record.next);
    if (!record.injected_by.empty()) line.group(on_purpose(record.injected_by), Paint::yellow);
    return line.take();
}

std::string log_line(LadderRecord const& record, LogStyle style) {
    Line line{style};
    line.part(clock_time(record.time, style.local_time), Paint::dim).space();
    line.part(style.unicode ? "•" : "*", Paint::yellow).space();
    line.part(name_of(record.event), Paint::dim).space().part(shown(record.host));
    line.group(shown(record.profile) + " of ladder " + shown(record.ladder));
    if (!record.reason.empty()) line.group("because of " + shown(record.reason), Paint::dim);
    if (record.event == LadderEvent::learned)
        line.group("until " + clock_time(record.expires, style.local_time), Paint::dim);
    else
        line.group("the next dial starts at the top", Paint::dim);
    return line.take();
}

std::string log_line(DiagnosisRecord const& record, LogStyle style) {
    Line line{style};
    line.part(clock_time(record.time, style.local_time), Paint::dim).space();
    line.part(style.unicode ? "•" : "*", Paint::yellow).space();
    line.part("diagnosed", Paint::dim).space().part(shown(record.target));
    line.group((record.causes.empty() ? shown(record.outcome) : shown(text::joined(record.causes, ", "))) +
                   ", confidence " + shown(record.confidence) + ": " +
                   printable(record.verdict, limits::shown_verdict),
               explains(record) ? Paint::red : Paint::plain);
    line.group(std::to_string(record.handshakes) + " handshakes", Paint::dim);
    if (!record.stopped.empty()) line.group("ended early: " + shown(record.stopped), Paint::yellow);
    line.group(shown(record.command) + " says more", Paint::yellow);
    return line.take();
}

} // namespace alert40::record
