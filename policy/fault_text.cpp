#include "policy/fault.hpp"
#include "policy/http_code.hpp"
#include "policy/time_text.hpp"
#include "text/joined.hpp"
#include "tls/wire/iana.hpp"

#include <algorithm>

namespace alert40::policy {
namespace {

namespace iana = tls::wire::iana;
using text::joined;

std::string words_of(fault::Alert const& alert) {
    return text_of(alert.description) + (alert.level == tls::AlertLevel::warning ? " (warning)" : "");
}

std::string words_of(fault::Delay const& delay) {
    return "delay of " + duration_text(delay.time);
}

std::string words_of(fault::Server const& server) {
    auto const& limits = server.limits;
    std::vector<std::string> words, versions;
    for (auto const version : limits.versions)
        versions.emplace_back(tls::name_of(version));
    if (!versions.empty()) words.push_back("of TLS " + joined(versions));
    if (!limits.ciphers.empty()) words.push_back("with the ciphers " + limits.ciphers);
    if (!limits.cipher_suites.empty()) words.push_back("with the suites " + joined(limits.cipher_suites));
    if (!limits.groups.empty()) words.push_back("with the groups " + joined(limits.groups));
    if (server.alpn) words.push_back(server.alpn->empty() ? "without ALPN" : "for " + joined(*server.alpn));
    if (server.alpn_forced) words.push_back("that answers ALPN with " + *server.alpn_forced);
    if (server.alpn_strict) words.emplace_back("that refuses other protocols");
    if (server.split)
        words.push_back(
            "in " +
            std::string(server.split->mode == tls::SplitHello::Mode::record ? "records" : "segments") +
            " of " + std::to_string(server.split->at) + " bytes");
    if (limits.require_client_certificate) words.emplace_back("that demands a client certificate");
    if (limits.forgets_tickets) words.emplace_back("that forgets its tickets");
    if (limits.dh_1024) words.emplace_back("with DH of 1024 bits");
    if (limits.no_secure_renegotiation) words.emplace_back("without RFC 5746");
    return "a server " + joined(words);
}

std::string words_of(fault::Certificate const& certificate) {
    return "certificate " + std::string(tls::name_of(certificate.flaw));
}

void add_offer(std::vector<std::string>& words, std::string_view of,
               std::optional<std::vector<std::string>> const& names) {
    if (names)
        words.push_back(names->empty() ? "no " + std::string(of) : std::string(of) + ' ' + joined(*names));
}

std::string words_of(fault::Offer const& fault) {
    auto const& offer = fault.offer;
    std::vector<std::string> words;
    if (offer.versions) {
        auto const [low, high] = *offer.versions;
        words.push_back("TLS " + std::string(tls::name_of(low)) +
                        (low == high ? "" : " to " + std::string(tls::name_of(high))));
    }
    if (offer.ciphers) words.push_back("the ciphers " + *offer.ciphers);
    add_offer(words, "the suites", offer.cipher_suites);
    add_offer(words, "the groups", offer.groups);
    add_offer(words, "the signature algorithms", offer.signature_algorithms);
    add_offer(words, "ALPN", offer.alpn);
    return "an offer of " + joined(words);
}

std::string words_of(fault::Hello const& fault) {
    auto const& edit = fault.edit;
    std::vector<std::string> words;
    for (auto const type : edit.without_extensions)
        words.push_back("without " + iana::spelled(iana::extension_types(), type));
    if (edit.reversed) words.emplace_back("with its extensions reversed");
    if (edit.alpn)
        words.push_back(edit.alpn->empty() ? "with ALPN taken away" : "with ALPN made " + joined(*edit.alpn));
    return "a hello " + joined(words);
}

std::string words_of(fault::Split const& split) {
    bool const records = split.cut.mode == tls::SplitHello::Mode::record;
    return "split in " + std::string(records ? "records" : "segments") + " after " +
           std::to_string(split.cut.at) + " bytes, " + duration_text(split.pause) + " apart";
}

std::string words_of(fault::Path const& path) {
    using Kind = fault::Path::Kind;
    auto const what = path.kind == Kind::throttle ? std::to_string(path.bytes_per_second) + " bytes a second"
                      : path.kind == Kind::reset  ? "reset"
                      : path.kind == Kind::close  ? "close"
                                                  : "silence";
    return what + " after " + std::to_string(path.after) + " bytes " +
           std::string(tls::name_of(path.direction));
}

std::string words_of(fault::Close const& close) {
    return close.close_notify ? "close" : "close without close_notify";
}

std::string words_of(fault::Status const& status) {
    auto const again = status.retry_after ? " with Retry-After of " + duration_text(*status.retry_after) : "";
    return "status " + std::to_string(status.code) + again;
}

std::string named_code(std::uint32_t code, std::string_view name) {
    return std::to_string(code) + (name.empty() ? "" : ' ' + std::string(name));
}

std::string words_of(fault::GrpcStatus const& status) {
    return "grpc_status " + named_code(status.code, rpc_code_name(status.code));
}

std::string words_of(fault::RstStream const& rst) {
    return "rst_stream " + named_code(rst.error_code, http2_error_name(rst.error_code));
}

std::string words_of(fault::Goaway const& goaway) {
    return "goaway " + named_code(goaway.error_code, http2_error_name(goaway.error_code)) +
           (goaway.processed ? " (processed)" : "");
}

std::string words_of(fault::BodyMark const& mark) {
    return " after " + (mark.time ? duration_text(*mark.time) : std::to_string(mark.bytes) + " bytes");
}

std::string words_of(fault::Truncate const& truncate) {
    using By = fault::Truncate::By;
    auto const text = "truncate" + words_of(truncate.after);
    switch (truncate.by) {
    case By::end: break;
    case By::close: return text + " by close";
    case By::reset: return text + " by reset";
    case By::rst_stream: return text + " by " + words_of(fault::RstStream{truncate.error_code});
    }
    return text;
}

std::string words_of(fault::Stall const& stall) {
    return "stall" + words_of(stall.after);
}

std::string words_of(fault::Throttle const& throttle) {
    return "throttle to " + std::to_string(throttle.bytes_per_second) + " bytes a second";
}

/// What needs no more than its name.
template <class Action>
std::string words_of(Action const& action) {
    return std::string(name_of(FaultAction(action)));
}

} // namespace

std::string fault_text(FaultAction const& action, FaultPoint at) {
    return std::visit([](auto const& one) { return words_of(one); }, action) + " at " +
           std::string(name_of(at));
}

bool plays_client(std::vector<Fault> const& faults) {
    return std::ranges::any_of(faults, [](Fault const& fault) { return fault.as == FaultRole::client; });
}

bool needs_hello(std::vector<Fault> const& faults) {
    return std::ranges::any_of(
        faults, [](Fault const& fault) { return fault.as == FaultRole::origin || fault.when.hello; });
}

} // namespace alert40::policy
