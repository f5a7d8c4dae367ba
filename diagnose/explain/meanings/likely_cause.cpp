#include "diagnose/explain/meanings/likely_cause.hpp"

#include "diagnose/explain/meanings/cause_rows.hpp"
#include "record/cause_table.hpp"

#include <algorithm>

namespace alert40::explain {

LikelyCause likely_cause(std::string_view name) {
    if (auto const* const row = std::ranges::find(cause_rows, name, &LikelyCause::name);
        row != cause_rows.end())
        return *row;
    auto const* const row = std::ranges::find(record::cause_table, name, &record::Cause::name);
    if (row == record::cause_table.end()) return {};
    return {row->name, row->likely, row->app.empty() ? row->client : row->app, row->server};
}

} // namespace alert40::explain
