#include "diagnose/explain/meanings/meaning.hpp"

#include "diagnose/explain/meanings/alerts.hpp"
#include "diagnose/explain/meanings/certificates.hpp"
#include "diagnose/explain/meanings/connection.hpp"
#include "diagnose/explain/meanings/handshake.hpp"
#include "diagnose/explain/meanings/http2.hpp"

#include <algorithm>
#include <vector>

namespace alert40::explain {

namespace {

/// Rows of one subject stand together.
std::vector<Meaning> const& table() {
    static std::vector<Meaning> const rows = [] {
        using namespace meanings;
        std::vector<Meaning> all;
        for (std::span<Meaning const> const part :
             {std::span<Meaning const>{alerts}, std::span<Meaning const>{certificates},
              std::span<Meaning const>{handshake}, std::span<Meaning const>{connection},
              std::span<Meaning const>{http2}})
            all.insert(all.end(), part.begin(), part.end());
        return all;
    }();
    return rows;
}

} // namespace

std::span<Meaning const> all_meanings() {
    return table();
}

std::span<Meaning const> meanings_of(Subject subject, Side side) {
    auto const all = all_meanings();
    auto const first = std::ranges::find(all, subject, &Meaning::subject);
    if (first == all.end()) return {subject.is_alert() ? &meanings::other_alert : &meanings::other_http2, 1};
    auto const end =
        std::find_if(first, all.end(), [&](Meaning const& row) { return !(row.subject == subject); });
    if (side == Side::unknown) return {first, end};
    auto const fits = std::find_if(
        first, end, [&](Meaning const& row) { return row.side == Side::unknown || row.side == side; });
    return fits == end ? std::span<Meaning const>{first, end} : std::span<Meaning const>{fits, 1};
}

} // namespace alert40::explain
