#include "app/reproduce/policy_text.hpp"

#include "policy/origin.hpp"
#include "record/failure_text.hpp"
#include "record/printable.hpp"
#include "record/timestamp.hpp"
#include "text/joined.hpp"
#include "text/wrapped.hpp"

#include <string_view>

namespace alert40::app::reproduce {

namespace {

constexpr std::size_t width = 100;

/// Lines of a comment, broken at blanks. What came from a file cannot leave the comment.
std::string comment(std::string_view text, std::string_view first = "# ", std::string_view next = "# ") {
    return text::wrapped(record::printable(text, 2000), width, first, next) + '\n';
}

/// "TLS 1.3 1.2, ALPN h2 http/1.1, SNI api.example.com, 517 bytes, JA4 t13d..."
std::string hello_words(RecordedFailure const& failed) {
    auto const& offered = failed.handshake.handshake.offered;
    if (!offered) return "";
    std::string words = failed.handshake.client.empty() ? "" : failed.handshake.client + ", ";
    words += "TLS " + text::joined(offered->versions, " ");
    words += offered->alpn.empty() ? ", no ALPN" : ", ALPN " + text::joined(offered->alpn, " ");
    words += offered->server_name.empty() ? ", no SNI" : ", SNI " + offered->server_name;
    words += ", " + std::to_string(offered->bytes) + " bytes";
    if (!offered->ja4.empty()) words += ", JA4 " + offered->ja4;
    return words;
}

std::string where_seen(RecordedFailure const& failed) {
    auto const& target = failed.handshake.target;
    auto text = policy::bracketed(target.host) + ':' + std::to_string(target.port);
    if (!target.address.empty() && target.address != target.host) text += " (" + target.address + ')';
    text += failed.captured ? ", connection " : ", record ";
    return text + failed.id + ", " + record::timestamp(failed.handshake.time);
}

std::string header(RecordedFailure const& failed, Recipe const& recipe) {
    auto const& target = failed.handshake.target;
    std::string text = "# By alert40 reproduce: the failure that was recorded there happens here.\n#\n";
    text += comment("seen:  " + where_seen(failed), "#   ", "#          ");
    text += comment("what:  " + failure_text(failed.failure, failed.role()), "#   ", "#          ");
    if (auto const hello = hello_words(failed); !hello.empty())
        text += comment("hello: " + hello, "#   ", "#          ");
    if (!failed.injected_by.empty())
        text += comment("It had been made on purpose, by the rule \"" + failed.injected_by + "\".", "#   ",
                        "#   ");
    text += "#\n# alert40 run --config THIS-FILE, and then the app, by way of 127.0.0.1:4040:\n#   ";
    text += recipe.app_trusts_us ? "eval \"$(alert40 env)\"; " : "";
    policy::Origin const origin{.scheme = "https", .host = target.host, .port = target.port};
    text += (recipe.app_trusts_us ? "curl " : "curl -x http://127.0.0.1:4040 ") + origin.text() + "/\n";
    if (recipe.app_trusts_us)
        text += comment("The app has to trust the authority of this machine (alert40 env says how), or it "
                        "fails of that.");
    if (failed.role() == record::Role::dialled)
        text += comment("The hello on record was alert40's own, of the profile \"" +
                        failed.handshake.profile + "\": here it is the app that meets the same.");
    for (auto const& one : recipe.comments)
        text += comment(one);
    return text;
}

/// Of a hello that was refused now and then.
std::string condition_by_chance(Trigger const& trigger) {
    auto const percent = 100 * trigger.refused / (trigger.refused + trigger.answered);
    return comment(
               "The very same hello was refused " + std::to_string(trigger.refused) + " and answered " +
               std::to_string(trigger.answered) +
               " times: one backend of several, perhaps. Here every hello fails; so many of them do with") +
           "# when = { chance = 0." + (percent < 10 ? "0" : "") + std::to_string(percent) + ", seed = 1 }\n";
}

std::string reason(Trigger const& trigger) {
    auto const& first = trigger.features.front();
    if (first.proven) return "Which hello: " + first.words + ". Others on record without that were answered.";
    std::string const unknown = "Which hello: one record cannot tell what about it was the reason";
    if (!trigger.first_is_likely) return unknown + ", so every hello fails.";
    return unknown + ". Mostly it is that " + first.words + "; without this line, every hello fails.";
}

/// The condition, and what else it could be.
std::string condition(Trigger const& trigger) {
    if (trigger.answered > 0) return condition_by_chance(trigger);
    if (trigger.features.empty()) return "# Whatever the hello says.\n";
    auto text = comment(reason(trigger));
    auto other = trigger.features.begin();
    if (trigger.first_is_likely) text += "when = { " + (other++)->when + " }\n";
    if (other != trigger.features.end())
        text += trigger.first_is_likely ? "# It may as well be:\n" : "# It may be:\n";
    for (; other != trigger.features.end(); ++other)
        text += "# when = { " + other->when + " } # " + other->words + '\n';
    return text;
}

/// Of the steps before the last one: the same, without the words.
std::string condition_again(Trigger const& trigger) {
    if (!trigger.first_is_likely) return "";
    return "when = { " + trigger.features.front().when + " }\n";
}

std::string fault(Step const& step, std::string const& condition) {
    std::string text = "\n[[rule.fault]]\n";
    for (auto const& one : step.comments)
        text += comment(one);
    if (!step.at.empty()) text += "at = \"" + step.at + "\"\n";
    if (step.about_hello) text += condition;
    return text + "do = { " + step.action + " }\n";
}

} // namespace

std::string policy_text(RecordedFailure const& failed, Recipe const& recipe, Trigger const& trigger) {
    auto const& target = failed.handshake.target;
    auto text = header(failed, recipe);
    text += "\n[[rule]]\nname = \"reproduced\"\n";
    text += "host = \"" + target.host + "\"\n";
    if (target.port != 0) text += "port = " + std::to_string(target.port) + '\n';
    for (auto const& key : recipe.keys)
        text += key + '\n';
    for (auto const& step : recipe.steps)
        text += fault(step, &step == &recipe.steps.back() ? condition(trigger) : condition_again(trigger));
    return text;
}

} // namespace alert40::app::reproduce
