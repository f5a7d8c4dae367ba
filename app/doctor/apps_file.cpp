#include "app/doctor/apps_file.hpp"

#include "app/doctor/commented_json.hpp"
#include "policy/host_name.hpp"
#include "policy/limits.hpp"
#include "policy/parse/nearest.hpp"
#include "record/printable.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <iterator>

namespace alert40::app::doctor {

namespace json = boost::json;
using policy::parse::did_you_mean;

namespace {

// Written by hand: these only keep a wrong file from costing more than a moment.
constexpr std::uintmax_t file_bytes = 256 * 1024;
constexpr std::size_t most_apps = 200;
constexpr std::size_t list = 200;
constexpr std::size_t text_bytes = 500;
constexpr std::size_t error_length = 400; // characters of the one line

std::string in_quotes(std::string_view text) {
    return '"' + std::string(text) + '"';
}

/// One key of one app, and its value.
struct Member {
    std::string_view app, key;
    json::value const& value;

    [[noreturn]] void fail(std::string const& what) const {
        throw WrongApps(in_quotes(key) + " of app " + in_quotes(app) + what);
    }
};

bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

std::string text_in(json::value const& value, Member const& member) {
    auto const* const text = value.if_string();
    if (!text || text->empty() || text->size() > text_bytes || std::ranges::any_of(*text, is_control))
        member.fail(": a text has 1 to " + std::to_string(text_bytes) +
                    " bytes, without control characters; not " + json::serialize(value));
    return {text->data(), text->size()};
}

std::string text_of(Member const& member) {
    return text_in(member.value, member);
}

std::vector<std::string> texts_of(Member const& member) {
    auto const* const values = member.value.if_array();
    if (!values || values->size() > list)
        member.fail(" must be a list of at most " + std::to_string(list) + " texts");
    std::vector<std::string> texts;
    for (auto const& value : *values)
        texts.push_back(text_in(value, member));
    return texts;
}

pointing::Client client_of(Member const& member) {
    auto const name = text_of(member);
    auto const client = pointing::client_named(name);
    if (client && client != pointing::Client::all) return *client;
    std::vector<std::string> known(pointing::clients.begin(), pointing::clients.end());
    std::erase(known, "all");
    std::string listed;
    for (auto const& one : known)
        listed += (listed.empty() ? "" : ", ") + one;
    member.fail(": " + in_quotes(name) + " is none of " + listed + did_you_mean(name, known));
}

std::string settings_path(std::string path, Member const& member) {
    if (path.starts_with('/') || path.starts_with('~'))
        member.fail(": " + in_quotes(path) + " is to be a path below the home folder, such as " +
                    in_quotes(".config/Code/User/settings.json"));
    return path;
}

std::string host_pattern(std::string const& text, Member const& member) {
    std::string const any_below = text.starts_with("*.") ? "*." : "";
    auto const host = policy::to_a_label(std::string_view(text).substr(any_below.size()));
    if (!host) member.fail(": " + in_quotes(text) + " is no host name, and no \"*.\" before one");
    return any_below + *host;
}

void add_hosts(App& app, Member const& member, bool from_node_http2) {
    for (auto const& text : texts_of(member))
        app.hosts.push_back({host_pattern(text, member), from_node_http2});
}

struct Key {
    std::string_view name;
    void (*read)(App& app, Member const& member);
};

constexpr Key keys[] = {
    {"title", [](App& app, Member const& member) { app.title = text_of(member); }},
    {"pointed_by", [](App& app, Member const& member) { app.pointed_by = client_of(member); }},
    {"settings",
     [](App& app, Member const& member) {
         for (auto const& path : texts_of(member))
             app.settings.push_back(settings_path(path, member));
     }},
    {"hosts", [](App& app, Member const& member) { add_hosts(app, member, false); }},
    {"node_http2_hosts", [](App& app, Member const& member) { add_hosts(app, member, true); }},
    {"http1_mode", [](App& app, Member const& member) { app.http1_mode = text_of(member); }},
};

void read_member(App& app, Member const& member) {
    auto const* const key = std::ranges::find(keys, member.key, &Key::name);
    if (key != std::end(keys)) return key->read(app, member);
    std::vector<std::string> known;
    for (auto const& one : keys)
        known.emplace_back(one.name);
    throw WrongApps("unknown key " + in_quotes(member.key) + " of app " + in_quotes(member.app) +
                    did_you_mean(member.key, known));
}

/// Only what `pointed_by` these two means has settings, and without them they would be pointed by nothing.
void check_settings(App const& app) {
    using pointing::Client;
    bool const reads_settings = app.pointed_by == Client::cursor || app.pointed_by == Client::vscode;
    if (reads_settings == app.settings.empty())
        throw WrongApps("app " + in_quotes(app.name) + (reads_settings ? " lacks" : " has") +
                        " \"settings\": they go with \"pointed_by\": \"cursor\" or \"vscode\"");
}

/// A word of the command line and of the shells' completions.
bool is_good_name(std::string_view name) {
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    return !name.empty() && name.size() <= policy::limits::name && name.front() != '-' &&
           name.find_first_not_of(letters) == name.npos;
}

App app_from(std::string_view name, json::value const& value) {
    if (!is_good_name(name))
        throw WrongApps(in_quotes(name) + " is no name of an app: 1 to " +
                        std::to_string(policy::limits::name) + " of letters, digits, \".\", \"_\" and \"-\"");
    auto const* const members = value.if_object();
    if (!members) throw WrongApps("app " + in_quotes(name) + " must be an object, {...}");
    App app;
    app.name = app.title = name;
    for (auto const& member : *members)
        read_member(app, {name, {member.key().data(), member.key().size()}, member.value()});
    check_settings(app);
    return app;
}

} // namespace

Apps parse_apps(std::string_view text) {
    auto const value = parse_commented_json(text);
    if (value.has_error()) throw WrongApps(value.error());
    auto const* const members = value->if_object();
    if (!members) throw WrongApps("it is no JSON object of apps, {\"name\": {...}}");
    if (members->size() > most_apps) throw WrongApps("more than " + std::to_string(most_apps) + " apps");
    Apps apps;
    for (auto const& member : *members)
        apps.push_back(app_from({member.key().data(), member.key().size()}, member.value()));
    return apps;
}

Apps read_apps(std::filesystem::path const& file) {
    auto const text = read_text(file, file_bytes);
    if (!text) return {};
    try {
        if (text->has_error()) throw WrongApps(text->error());
        return parse_apps(**text);
    } catch (WrongApps const& wrong) {
        throw WrongApps(record::printable(file.string() + ": " + wrong.what(), error_length));
    }
}

} // namespace alert40::app::doctor
