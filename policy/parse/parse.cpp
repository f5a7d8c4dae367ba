#include "policy/parse/parse.hpp"

#include "policy/limits.hpp"
#include "policy/parse/context.hpp"
#include "policy/parse/document.hpp"
#include "policy/parse/sections.hpp"
#include "policy/parse/table.hpp"

#include <array>
#include <fstream>

namespace alert40::policy::parse {
namespace {

using Result = boost::system::result<Parsed, std::vector<Problem>>;

/// Where the file has each section; null: it has not.
struct Sections {
    Node const* listen = nullptr;
    Node const* authority = nullptr;
    Node const* map = nullptr;
    Node const* profile = nullptr;
    Node const* ladder = nullptr;
    Node const* rule = nullptr;
};

template <Node const* Sections::*member>
void note(Sections& sections, Node const& node, Context&) {
    sections.*member = &node;
}

constexpr std::array section_keys = {
    Key<Sections>{"listen", note<&Sections::listen>}, Key<Sections>{"authority", note<&Sections::authority>},
    Key<Sections>{"map", note<&Sections::map>},       Key<Sections>{"profile", note<&Sections::profile>},
    Key<Sections>{"ladder", note<&Sections::ladder>}, Key<Sections>{"rule", note<&Sections::rule>},
};

Policy read_policy(Node const& document, Context& context) {
    Sections sections;
    read_table<Sections>(document, "a policy", section_keys, sections, context);
    Policy policy = built_in_policy();
    if (sections.listen) read_listen(*sections.listen, policy, context);
    if (sections.authority) read_authority(*sections.authority, policy, context);
    if (sections.map) read_maps(*sections.map, policy, context);
    if (!context.failed()) check_listeners(sections.listen, sections.map, policy, context);
    if (sections.profile) read_profiles(*sections.profile, policy, context);
    if (sections.ladder) read_ladders(*sections.ladder, policy, context);
    if (sections.rule) read_rules(*sections.rule, policy, context);
    return policy;
}

Result one_problem(std::filesystem::path const& file, std::string message) {
    return std::vector<Problem>{{file.string(), 0, 0, std::move(message)}};
}

} // namespace

std::string Problem::text() const {
    std::string const place = line == 0 ? "" : ":" + std::to_string(line) + ":" + std::to_string(column);
    return file + place + ": " + message;
}

Result parse_policy(std::string_view text, std::filesystem::path const& file,
                    Capabilities const& capabilities, std::chrono::system_clock::time_point now) {
    if (text.size() > limits::policy_bytes) return one_problem(file, "a policy has at most 1 MiB");
    Context context(file, capabilities, now);
    auto const document = parse_document(text);
    if (!document) {
        context.error(document.error().at, document.error().message);
        return context.take_errors();
    }
    auto policy = read_policy(*document, context);
    if (context.failed()) return context.take_errors();
    return Parsed{std::move(policy), context.take_warnings()};
}

Result parse_policy_file(std::filesystem::path const& file, Capabilities const& capabilities,
                         std::chrono::system_clock::time_point now) {
    std::error_code error;
    auto const status = std::filesystem::status(file, error);
    if (!std::filesystem::exists(status)) return one_problem(file, "there is no such file");
    if (std::filesystem::is_directory(status)) return one_problem(file, "is a folder, not a file");

    std::ifstream in(file, std::ios::binary);
    std::string text(limits::policy_bytes + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (!in && !in.eof()) return one_problem(file, "cannot be read");
    text.resize(static_cast<std::size_t>(in.gcount()));
    return parse_policy(text, file, capabilities, now);
}

} // namespace alert40::policy::parse
