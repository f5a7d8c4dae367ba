#include "app/trust/change_list.hpp"

#include <boost/json.hpp>

#include <fstream>
#include <iterator>

namespace alert40::app::trust {

namespace json = boost::json;
namespace fs = std::filesystem;

namespace {

constexpr std::uintmax_t largest_file = 1024 * 1024; // bytes; an entry has about 200

std::string text_at(json::object const& object, json::string_view key) {
    return json::value_to<std::string>(object.at(key));
}

Entry entry_from(json::object const& object) {
    auto const kind = kind_named(text_at(object, "kind"));
    if (!kind) throw std::runtime_error("unknown kind of store");
    return {{*kind, text_at(object, "owner"), text_at(object, "folder")}, text_at(object, "sha256")};
}

json::object json_of(Entry const& entry) {
    return {{"kind", json::string_view(name_of(entry.store.kind).data(), name_of(entry.store.kind).size())},
            {"owner", entry.store.owner},
            {"folder", entry.store.folder},
            {"sha256", entry.sha256}};
}

} // namespace

ChangeList::ChangeList(fs::path file)
    : file_(std::move(file)) {}

boost::system::result<std::vector<Entry>, std::string> ChangeList::read() const {
    std::error_code missing;
    auto const size = fs::file_size(file_, missing);
    if (missing) return std::vector<Entry>{};
    if (size > largest_file) return file_.string() + " is too large to be a list of changes";
    std::ifstream in(file_, std::ios::binary);
    std::string const text{std::istreambuf_iterator<char>(in), {}};
    try {
        std::vector<Entry> entries;
        auto const list = json::parse(text);
        for (auto const& one : list.as_array())
            entries.push_back(entry_from(one.as_object()));
        return entries;
    } catch (std::exception const& error) {
        return file_.string() + " is no list of changes: " + error.what();
    }
}

std::optional<std::string> ChangeList::write(std::vector<Entry> const& entries) const {
    std::error_code error;
    if (entries.empty()) {
        fs::remove(file_, error);
        return error ? std::optional("cannot remove " + file_.string() + ": " + error.message())
                     : std::nullopt;
    }
    json::array list;
    for (auto const& entry : entries)
        list.push_back(json_of(entry));
    auto next = file_;
    next += ".new";
    std::ofstream(next, std::ios::binary) << json::serialize(list) << '\n';
    fs::rename(next, file_, error);
    return error ? std::optional("cannot write " + file_.string() + ": " + error.message()) : std::nullopt;
}

} // namespace alert40::app::trust
