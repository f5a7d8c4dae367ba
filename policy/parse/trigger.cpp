#include "policy/parse/trigger.hpp"

#include "policy/parse/alert_text.hpp"
#include "policy/parse/context.hpp"
#include "policy/parse/nearest.hpp"
#include "tls/alert.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace alert40::policy::parse {
namespace {

using tls::AlertDescription;
using Kind = Trigger::Kind;

struct Cut {
    std::string_view name;
    Kind kind;
};

constexpr std::array cuts = {Cut{"reset", Kind::reset}, Cut{"eof", Kind::eof}, Cut{"timeout", Kind::timeout},
                             Cut{"h2-broken", Kind::h2_broken}};

struct Refused {
    AlertDescription alert;
    std::string_view why;
};

constexpr std::string_view about_certificates = "is about a certificate, which no other profile makes better";
constexpr std::array refused = {
    Refused{AlertDescription::insufficient_security,
            "means that the peer wants stronger parameters: never a reason to fall back"},
    Refused{AlertDescription::bad_certificate, about_certificates},
    Refused{AlertDescription::unsupported_certificate, about_certificates},
    Refused{AlertDescription::certificate_revoked, about_certificates},
    Refused{AlertDescription::certificate_expired, about_certificates},
    Refused{AlertDescription::certificate_unknown, about_certificates},
    Refused{AlertDescription::unknown_ca, about_certificates},
};

bool take_prefix(std::string_view& text, std::string_view prefix) {
    if (!text.starts_with(prefix)) return false;
    text.remove_prefix(prefix.size());
    return true;
}

std::string not_a_trigger(std::string_view text) {
    std::vector<std::string> names;
    for (auto const& cut : cuts)
        names.emplace_back(cut.name);
    for (auto const& alert : alert_names())
        names.push_back("alert:" + alert);
    return "takes \"alert:40\", \"alert:handshake_failure\", \"reset\", \"eof\", \"timeout\" or "
           "\"h2-broken\", not " +
           in_quotes(text) + did_you_mean(text, names);
}

} // namespace

boost::system::result<Trigger, std::string> parse_trigger(std::string_view text) {
    auto rest = text;
    std::optional<tls::Direction> direction;
    if (take_prefix(rest, "received:"))
        direction = tls::Direction::received;
    else if (take_prefix(rest, "sent:"))
        direction = tls::Direction::sent;

    if (!take_prefix(rest, "alert:") && !direction) {
        auto const cut =
            std::find_if(cuts.begin(), cuts.end(), [&](Cut const& one) { return one.name == rest; });
        if (cut == cuts.end()) return not_a_trigger(text);
        return Trigger{cut->kind, AlertDescription{}, std::nullopt};
    }
    auto const alert = alert_of(rest);
    if (!alert) return "knows no alert " + in_quotes(rest) + did_you_mean(rest, alert_names());
    auto const no =
        std::find_if(refused.begin(), refused.end(), [&](Refused const& one) { return one.alert == *alert; });
    if (no != refused.end())
        return "must not have alert " + std::to_string(static_cast<unsigned>(*alert)) + " (" +
               std::string(tls::name_of(*alert)) + "): it " + std::string(no->why);
    return Trigger{Kind::alert, *alert, direction};
}

} // namespace alert40::policy::parse
