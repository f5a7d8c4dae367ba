#include "record/remedies.hpp"

#include "record/trust_words.hpp"

#include <algorithm>
#include <cctype>

namespace alert40::record {

namespace {

/// As it can stand in a command that is copied to a shell: what an app asked for may be any text.
std::string safe_host(std::string_view host) {
    auto const harmless = [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '-' || c == '_' ||
               c == ':';
    };
    auto const safe =
        !host.empty() && host.front() != '-' && host.size() <= 253 && std::ranges::all_of(host, harmless);
    return safe ? std::string{host} : "HOST";
}

/// What has to happen for `cause.client` to work where the hello was the app's own.
std::string of_watched(Cause const& cause, Evidence const& evidence) {
    switch (cause.mends) {
    case Mends::path: return std::string{cause.client};
    case Mends::trust: return "make the app trust the issuer: " + ways_to_trust_issuer(evidence.client);
    case Mends::ladder:
        return "`alert40 run --intercept " + safe_host(evidence.host) + "` lets the ladder mend it";
    case Mends::offer: break;
    }
    if (cause.client.empty()) return {};
    return "intercept it (mode = \"intercept\" in a rule), and " + std::string{cause.client};
}

std::string of_authority(Evidence const& evidence) {
    return "make the app trust alert40's authority: " + ways_to_trust_authority(evidence.client);
}

} // namespace

std::vector<std::string> remedies_on_this_side(Cause const& cause, Evidence const& evidence) {
    std::vector<std::string> remedies;
    if (evidence.role == Role::watched) {
        remedies = {of_watched(cause, evidence), std::string{cause.app}};
    } else {
        if (cause.mends == Mends::trust) remedies.push_back(of_authority(evidence));
        if (evidence.role != Role::served) remedies.emplace_back(cause.client);
    }
    std::erase(remedies, std::string{});
    return remedies;
}

} // namespace alert40::record
