#include "policy/fault.hpp"
#include "policy/time_text.hpp"
#include "text/joined.hpp"

namespace alert40::policy {
namespace {

using text::joined;

std::string words_of(fault::Alert const& alert) {
    return "alert " + std::to_string(static_cast<unsigned>(alert.description)) + ' ' +
           std::string(tls::name_of(alert.description)) +
           (alert.level == tls::AlertLevel::warning ? " (warning)" : "");
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
    if (limits.require_client_certificate) words.emplace_back("that demands a client certificate");
    if (limits.forgets_tickets) words.emplace_back("that forgets its tickets");
    if (limits.dh_1024) words.emplace_back("with DH of 1024 bits");
    return "a server " + joined(words);
}

std::string words_of(fault::Certificate const& certificate) {
    return "certificate " + std::string(tls::name_of(certificate.flaw));
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

} // namespace alert40::policy
