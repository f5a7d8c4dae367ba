#include "app/doctor/apps.hpp"

#include <algorithm>

namespace alert40::app::doctor {

namespace {

using pointing::Client;

constexpr std::string_view cursor_settings[] = {".config/Cursor/User/settings.json",
                                                ".cursor-server/data/Machine/settings.json",
                                                "Library/Application Support/Cursor/User/settings.json"};
constexpr std::string_view vscode_settings[] = {
    ".config/Code/User/settings.json",
    ".config/Code - Insiders/User/settings.json",
    ".config/VSCodium/User/settings.json",
    ".var/app/com.visualstudio.code/config/Code/User/settings.json",
    ".vscode-server/data/Machine/settings.json",
    "Library/Application Support/Code/User/settings.json"};

constexpr KnownHost cursor_hosts[] = {{"api2.cursor.sh"},         {"*.api5.cursor.sh", true},
                                      {"api3.cursor.sh"},         {"us-only.gcpp.cursor.sh"},
                                      {"authenticate.cursor.sh"}, {"marketplace.cursorapi.com"},
                                      {"*.cursor-cdn.com"}};
constexpr KnownHost vscode_hosts[] = {{"marketplace.visualstudio.com"},
                                      {"update.code.visualstudio.com"},
                                      {"*.vscode-cdn.net"},
                                      {"*.githubcopilot.com"}};

constexpr App table[] = {
    {"cursor", "Cursor", Client::cursor, cursor_settings, cursor_hosts, "cursor.general.disableHttp2"},
    {"vscode", "VS Code", Client::vscode, vscode_settings, vscode_hosts, ""},
    {"node", "Node", Client::node, {}, {}, ""},
    {"python", "Python", Client::python, {}, {}, ""},
    {"git", "git", Client::git, {}, {}, ""},
    {"grpc", "gRPC", Client::grpc, {}, {}, ""},
    {"java", "Java", Client::java, {}, {}, ""},
    {"shell", "what this shell starts", Client::shell, {}, {}, ""},
};

} // namespace

std::span<App const> apps() {
    return table;
}

App const* app_named(std::string_view name) {
    auto const* const found = std::ranges::find(table, name, &App::name);
    return found == std::end(table) ? nullptr : found;
}

} // namespace alert40::app::doctor
