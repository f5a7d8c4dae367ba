#pragma once

#include <boost/json/fwd.hpp>
#include <boost/system/result.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace alert40::app::doctor {

/// JSON as people write it: with comments and trailing commas. The error is one line, and names the line.
boost::system::result<boost::json::value, std::string> parse_commented_json(std::string_view text);

/// The whole of a file of at most `most` bytes. Nothing: there is none. The error is one line, without the
/// file's name.
std::optional<boost::system::result<std::string, std::string>> read_text(std::filesystem::path const& file,
                                                                         std::uintmax_t most);

} // namespace alert40::app::doctor
