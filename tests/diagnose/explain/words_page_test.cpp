// docs/words.md is the ground truth: what real clients say to real failures, each section one failure. Every
// message of that page is explained as the failure of its section.
#include "explained.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace {

using namespace alert40;

struct Section {
    std::string_view heading;
    std::vector<std::string_view> is; ///< what a message of it may be explained as
};

constexpr std::string_view refused = "alert 40 received";

/// Sections about an alert are told by their own heading.
std::vector<Section> const sections{
    {"Alert 0, close_notify", {"alert 0 received", "unnamed_alert", "closed_in_handshake"}},
    {"Alert 200, not assigned", {"alert 200 received", "unnamed_alert", "closed_in_handshake"}},
    {"Alert 113, bad_certificate_status_response", {"alert 113 received"}},
    {"Alert 40 after the handshake", {refused, "closed", "reset"}},
    {"Reset after the ClientHello", {"reset"}},
    {"Closed after the ClientHello", {"closed", "closed_in_handshake"}},
    {"Silence after the ClientHello", {"timeout", "handshake_timeout"}},
    {"Reset before the ClientHello", {"reset", "closed_in_handshake"}},
    {"Closed before the ClientHello", {"closed", "closed_in_handshake", "reset"}},
    {"Plain HTTP on a TLS port", {"not_tls"}},
    {"Bytes that are no TLS", {"not_tls"}},
    {"TLS 1.1 and no more", {"weak_signature", "alert 70 received"}},
    {"A group that few offer", {refused}},
    {"A cipher suite that few offer", {refused}},
    {"A TLS 1.3 cipher suite that few offer", {refused}},
    {"RSA key exchange and CBC", {"weak_for_http2"}},
    {"DH with 1024 bits", {"small_dh", refused}},
    {"ALPN without overlap", {"alert 120 received"}},
    {"An ALPN that nobody offered", {"bad_answer", "alpn_not_offered"}},
    {"A server without RFC 5746, TLS 1.2", {"no_secure_renegotiation", "alert 20 received", "closed"}},
    {"Client certificate demanded, TLS 1.2", {refused, "client_certificate_refused", "closed", "reset"}},
    {"Client certificate demanded, TLS 1.3",
     {"alert 116 received", "client_certificate_refused", "closed", "reset"}},
    {"Expired", {"certificate_expired", "certificate_dates"}},
    {"Not yet valid", {"certificate_not_yet_valid", "certificate_dates"}},
    {"Another name", {"certificate_wrong_host"}},
    {"Self-signed", {"certificate_self_signed", "certificate_issuer_missing"}},
    {"Unknown issuer", {"certificate_unknown_issuer", "certificate_issuer_missing"}},
    {"Intermediate missing", {"certificate_issuer_missing"}},
    {"Signed with SHA-1", {"certificate_too_weak", "certificate_rejected"}},
    {"RSA with 1024 bits", {"certificate_too_weak"}},
    {"Chain too long", {"certificate_constraints", "certificate_rejected"}},
    {"Reset after the handshake", {"reset", "closed"}},
    {"Closed after the handshake", {"closed", "reset"}},
    {"Silence after the handshake", {"timeout"}},
    {"Status 503", {"http_status", "nothing"}},
    {"A status of gRPC", {"nothing"}},
    {"RST_STREAM with INTERNAL_ERROR", {"h2_internal_error", "http2_broken"}},
    {"RST_STREAM with REFUSED_STREAM", {"h2_refused_stream"}},
    {"RST_STREAM with HTTP_1_1_REQUIRED", {"h2_http_1_1_required"}},
    {"GOAWAY with HTTP_1_1_REQUIRED", {"h2_http_1_1_required", "http2_broken"}},
    {"GOAWAY with INADEQUATE_SECURITY", {"h2_inadequate_security", "http2_broken"}},
    {"GOAWAY with PROTOCOL_ERROR", {"h2_protocol_error", "http2_broken", "closed"}},
    {"GOAWAY, the request not processed", {"h2_refused_stream", "http2_broken"}},
    {"GOAWAY with ENHANCE_YOUR_CALM", {"h2_enhance_your_calm", "http2_broken"}},
    {"GOAWAY, the request perhaps processed", {"h2_internal_error", "http2_broken", "closed"}},
    {"A window that never opens", {"timeout"}},
    {"Reset instead of a response", {"reset", "closed"}},
    {"Closed instead of a response", {"closed"}},
    {"No response", {"timeout"}},
    {"A body that ends too early", {"body_cut", "h2_protocol_error", "h2_no_error"}},
    {"A body that is cut", {"body_cut", "closed"}},
    {"A body that is reset", {"body_cut", "reset", "closed"}},
    {"A body that stands still", {"timeout"}},
};

/// What a client's one phrase may stand for besides: it has no better one.
bool says_less(std::string_view client, std::string_view section, explain::SeenFailure const& failure) {
    if (client != "Chromium" || !section.starts_with("Alert ")) return false;
    auto const subject = failure.sighting.subject;
    if (subject == explain::Subject{explain::Trouble::handshake_failed})
        return true; // ERR_SSL_PROTOCOL_ERROR
    if (subject == explain::Subject{explain::Trouble::closed} ||
        subject == explain::Subject{explain::Trouble::reset})
        return true;
    auto const number = std::stoul(std::string{section.substr(6)});
    return explain::explain(failure).may_be.has(static_cast<tls::AlertDescription>(number));
}

bool is_right(std::string_view client, std::string_view section, std::string_view message) {
    auto const log = tests::read_log(message);
    if (log.failures().size() > 1) return false;
    auto const said = tests::all_in_short(message);
    auto const known = std::ranges::find(sections, section, &Section::heading);
    if (known != sections.end() && std::ranges::find(known->is, said) != known->is.end()) return true;
    if (known == sections.end() && section.starts_with("Alert ") &&
        said == "alert " + std::to_string(std::stoul(std::string{section.substr(6)})) + " received")
        return true;
    if (log.failures().empty()) return false;
    // Where the section's failure is alert 40, Chromium's phrase for it is one of three alerts.
    bool const forty = known != sections.end() && std::ranges::find(known->is, refused) != known->is.end();
    auto const maybe = explain::explain(log.failures().front()).may_be;
    if (forty && maybe.has(tls::AlertDescription::handshake_failure)) return true;
    if (section == "TLS 1.1 and no more" && maybe.has(tls::AlertDescription::protocol_version)) return true;
    if (client == "Chromium" && said == "handshake_failed" && known != sections.end()) return true;
    return says_less(client, section, log.failures().front());
}

/// The text between the next two marks, which is taken off.
std::string_view next_between(std::string_view& text, std::string_view from, std::string_view to) {
    auto const begin = text.find(from);
    if (begin == std::string_view::npos) return {};
    auto const rest = text.substr(begin + from.size());
    auto const end = rest.find(to);
    if (end == std::string_view::npos) return {};
    text = rest.substr(end + to.size());
    return rest.substr(0, end);
}

} // namespace

TEST_CASE("each message of docs/words.md is explained as the failure of its section") {
    auto const page = tests::text_of_file(ALERT40_TESTS_DIR "/../docs/words.md");
    std::string_view rest{page};
    std::size_t messages = 0;
    rest = rest.substr(rest.find("\n### "));
    while (!rest.empty()) {
        rest.remove_prefix(5);
        auto const heading = rest.substr(0, rest.find('\n'));
        auto section = rest.substr(0, rest.find("\n### "));
        rest.remove_prefix(section.size());
        section.remove_prefix(std::min(section.size(), section.find("| client | says |")));
        for (auto row = next_between(section, "\n| ", "\n"); !row.empty();
             row = next_between(section, "| ", "\n")) {
            auto const client = row.substr(0, row.find(" |"));
            auto cell = row.substr(client.size());
            for (auto message = next_between(cell, "`", "`"); !message.empty();
                 message = next_between(cell, "`", "`")) {
                INFO(heading << "\n  " << client << ": " << message << "\n  is explained as "
                             << tests::all_in_short(message));
                CHECK(is_right(client, heading, message));
                ++messages;
            }
        }
    }
    CHECK(messages > 400);
}
