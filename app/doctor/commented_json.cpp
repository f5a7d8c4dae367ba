#include "app/doctor/commented_json.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>

namespace alert40::app::doctor {

namespace json = boost::json;
using boost::system::in_place_error;
using boost::system::in_place_value;

boost::system::result<json::value, std::string> parse_commented_json(std::string_view text) {
    json::parse_options options;
    options.allow_comments = true;
    options.allow_trailing_commas = true;
    json::stream_parser parser({}, options);
    boost::system::error_code error;
    std::size_t line = 0;
    do { // line by line: the parser does not say where it failed
        auto const length = std::min(text.find('\n'), text.size() - 1) + 1;
        parser.write(text.data(), length, error);
        text.remove_prefix(length);
        ++line;
    } while (!text.empty() && !error);
    if (!error) parser.finish(error);
    if (!error) return {in_place_value, parser.release()};
    return {in_place_error,
            "it is no JSON with comments: " + error.message() + " (line " + std::to_string(line) + ")"};
}

std::optional<boost::system::result<std::string, std::string>> read_text(std::filesystem::path const& file,
                                                                         std::uintmax_t most) {
    using Read = boost::system::result<std::string, std::string>;
    std::error_code error;
    auto const kind = std::filesystem::status(file, error).type();
    if (kind == std::filesystem::file_type::not_found) return std::nullopt;
    if (kind != std::filesystem::file_type::regular) return Read{in_place_error, "it is no file to read"};
    auto const size = std::filesystem::file_size(file, error);
    if (!error && size > most)
        return Read{in_place_error, "it is larger than " + std::to_string(most) + " bytes"};
    std::ifstream in(file, std::ios::binary);
    if (!in) return Read{in_place_error, "it cannot be read"};
    return Read{in_place_value, std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

} // namespace alert40::app::doctor
