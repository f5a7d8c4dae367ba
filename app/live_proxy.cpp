#include "app/live_proxy.hpp"

#include "app/control_request.hpp"
#include "app/exit.hpp"
#include "app/local_authority.hpp"
#include "app/log.hpp"
#include "text/joined.hpp"

#include <unistd.h>

namespace alert40::app {

namespace {

using policy::parse::Parsed;

std::shared_ptr<policy::Rulebook const> rulebook_of(Parsed parsed, policy::Rulebook const* before) {
    for (auto const& warning : parsed.warnings)
        log(LogLevel::warning, warning.text());
    return std::make_shared<policy::Rulebook const>(std::move(parsed.policy), policy::Clock::now(), before);
}

/// So that another process finds it, wherever that one was started.
tls::ca::Files absolute(tls::ca::Files files) {
    for (auto* const file : {&files.cert, &files.key})
        if (!file->empty()) *file = std::filesystem::absolute(*file).string();
    return files;
}

/// Where the authority is where the policy names none; nowhere without a home.
tls::ca::Files own_authority_or_none() {
    try {
        return own_authority_files();
    } catch (CommandError const&) {
        return {};
    }
}

std::string one_line(std::vector<policy::parse::Problem> const& problems) {
    std::vector<std::string> texts;
    for (auto const& problem : problems)
        texts.push_back(problem.text());
    return text::joined(texts, "; ");
}

/// Told at the start, not to each app.
void warn_where_nothing_can_be_intercepted(policy::Policy const& policy) {
    if (!intercepts(policy)) return;
    try {
        ensure_authority(authority_files(policy));
    } catch (CommandError const& error) {
        log(LogLevel::warning, std::string("no app can be intercepted: ") + error.what());
    }
}

} // namespace

LiveProxy::LiveProxy(PolicySource source, Parsed first, Sinks& sinks)
    : source_(std::move(source))
    , name_(source_.name())
    , rulebook_(rulebook_of(std::move(first), nullptr))
    , diagnosis_(sinks.all())
    , proxy_(rulebook_, sinks.all(), own_authority_or_none(), &diagnosis_)
    , sinks_(sinks)
    , started_(policy::Clock::now())
    , loaded_(started_) {
    warn_where_nothing_can_be_intercepted(rulebook_->policy());
}

void LiveProxy::reload() {
    if (name_ == source_.file() && !std::filesystem::exists(source_.file()))
        return refuse(source_.file().string() + " is gone");
    try {
        auto parsed = source_.load();
        if (parsed.has_error()) return refuse(one_line(parsed.error()));
        auto rulebook = rulebook_of(std::move(*parsed), rulebook_.get());
        auto const listened = proxy_.listening();
        proxy_.apply(rulebook);
        rulebook_ = std::move(rulebook);
        warn_where_nothing_can_be_intercepted(rulebook_->policy());
        if (proxy_.listening() != listened)
            log(LogLevel::info, "listens on " + text::joined(proxy_.listening(), ", ") + " now");
    } catch (UsageError const& error) { // the flags do not go with what the file now says
        return refuse(error.what());
    } catch (proxy::StartError const& error) {
        return refuse(error.what());
    }
    name_ = source_.name();
    loaded_ = policy::Clock::now();
    problem_.reset();
    log(LogLevel::info, "policy loaded again from " + name_);
}

void LiveProxy::refuse(std::string const& problem) {
    problem_ = problem;
    log(LogLevel::error, problem + "; the policy loaded before stays in force");
}

StatusReport LiveProxy::status() const {
    StatusReport report{.pid = ::getpid(),
                        .started = started_,
                        .listening = proxy_.listening(),
                        .policy = name_,
                        .loaded = loaded_,
                        .problem = problem_,
                        .record_file = sinks_.file(),
                        .rules = {},
                        .learned = proxy_.learned(),
                        .diagnosed = {}};
    auto const& rules = rulebook_->policy().rules;
    for (std::size_t i = 0; i < rules.size(); ++i)
        report.rules.push_back({rules[i].name, rulebook_->deadline(i)});
    for (auto const& one : diagnosis_.diagnoses())
        report.diagnosed.push_back({one->target, one->time, one->verdict, one->confidence});
    return report;
}

WayIn LiveProxy::way_in() const {
    auto const& policy = rulebook_->policy();
    auto const& credentials = policy.listen.credentials;
    return {.listening = proxy_.listening(),
            .credentials = credentials.empty() ? "" : credentials.front(),
            .intercepts = intercepts(policy),
            .authority = absolute(policy.authority ? authority_files(policy) : own_authority_or_none())};
}

std::string LiveProxy::answer(std::string_view text) {
    auto const request = parse_control_request(text);
    if (request.has_error()) return error_json(request.error());
    switch (request->command) {
    case ControlRequest::Command::status: return to_json(status());
    case ControlRequest::Command::hosts: return to_json(sinks_.seen().hosts());
    case ControlRequest::Command::way_in: return to_json(way_in());
    case ControlRequest::Command::forget:
        return forgotten_json(proxy_.forget(request->host) + diagnosis_.forget(request->host));
    }
    return {};
}

} // namespace alert40::app
