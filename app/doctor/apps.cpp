#include "app/doctor/apps.hpp"

#include "app/doctor/apps_file.hpp"
#include "app/doctor/built_in_apps_text.hpp"

#include <algorithm>

namespace alert40::app::doctor {

Apps const& built_in_apps() {
    static auto const apps = parse_apps(built_in_apps_text);
    return apps;
}

Apps laid_over(Apps apps, Apps more) {
    for (auto& app : more) {
        auto const same = std::ranges::find(apps, app.name, &App::name);
        if (same == apps.end())
            apps.push_back(std::move(app));
        else
            *same = std::move(app);
    }
    return apps;
}

App const* app_named(Apps const& apps, std::string_view name) {
    auto const found = std::ranges::find(apps, name, &App::name);
    return found == apps.end() ? nullptr : &*found;
}

std::string names_of(Apps const& apps) {
    std::string out;
    for (auto const& app : apps)
        out += (out.empty() ? "" : "|") + app.name;
    return out;
}

} // namespace alert40::app::doctor
