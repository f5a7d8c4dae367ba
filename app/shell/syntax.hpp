#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace alert40::app::shell {

/// `posix` is bash, zsh, dash and what else reads `export`.
enum class Kind { posix, fish, powershell };

/// "bash", "zsh", "sh", "fish", "powershell", "pwsh".
std::optional<Kind> kind_named(std::string_view name);

/// `text` as one word that stands for itself, whatever is in it. Words of letters, digits and "-_./:=@%+,"
/// stay bare.
std::string quoted(Kind kind, std::string_view text);
/// A line that sets a variable for this shell and what it starts.
std::string set_line(Kind kind, std::string_view name, std::string_view value);
std::string unset_line(Kind kind, std::string_view name);
/// A line, or several, that do nothing; `text` may have line ends.
std::string comment(std::string_view text);

} // namespace alert40::app::shell
