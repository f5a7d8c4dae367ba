#pragma once

#include <boost/system/result.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace alert40::app::doctor {

/// What the settings.json of VS Code or Cursor says about proxies; what it does not say is absent.
struct EditorSettings {
    std::optional<std::string> proxy;   ///< http.proxy
    std::optional<std::string> support; ///< http.proxySupport
    std::optional<bool> strict_ssl;     ///< http.proxyStrictSSL
    std::optional<bool> http2_disabled; ///< the app's own setting, such as cursor.general.disableHttp2

    bool operator==(EditorSettings const&) const = default;
};

/// JSON with comments and trailing commas; `http1_mode` is the app's setting that turns HTTP/2 off. The error
/// is one line.
boost::system::result<EditorSettings, std::string> parse_editor_settings(std::string_view text,
                                                                         std::string_view http1_mode);
/// Nothing: there is no such file. The error names the file.
std::optional<boost::system::result<EditorSettings, std::string>>
read_editor_settings(std::filesystem::path const& file, std::string_view http1_mode);

} // namespace alert40::app::doctor
