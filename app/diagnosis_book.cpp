#include "app/diagnosis_book.hpp"

#include <utility>

namespace alert40::app {

bool DiagnosisBook::admit(proxy::Ailment ailment, Time now) {
    auto const is_old = [now](auto const& entry) { return now - entry.second.admitted >= kept; };
    auto const known = entries_.find(ailment.key);
    if (known != entries_.end() && !is_old(*known)) return false;
    if (entries_.size() >= most_kept) std::erase_if(entries_, is_old);
    if (entries_.size() >= most_kept || waiting_.size() >= most_waiting) return false;
    entries_.insert_or_assign(ailment.key, Entry{now, ailment.origin.host, nullptr});
    waiting_.push_back(std::move(ailment));
    return true;
}

std::optional<proxy::Ailment> DiagnosisBook::next() {
    if (waiting_.empty()) return std::nullopt;
    auto ailment = std::move(waiting_.front());
    waiting_.pop_front();
    return ailment;
}

void DiagnosisBook::settle(std::string const& key, Diagnosis diagnosis) {
    if (auto const known = entries_.find(key); known != entries_.end())
        known->second.diagnosis = std::move(diagnosis);
}

std::size_t DiagnosisBook::forget(std::string_view host) {
    return std::erase_if(entries_, [host](auto const& each) {
        auto const& entry = each.second;
        return entry.diagnosis && (host == "*" || entry.host == host);
    });
}

DiagnosisBook::Diagnosis DiagnosisBook::find(std::string const& key, Time now) const {
    auto const known = entries_.find(key);
    if (known == entries_.end() || now - known->second.admitted >= kept) return nullptr;
    return known->second.diagnosis;
}

std::vector<DiagnosisBook::Diagnosis> DiagnosisBook::all(Time now) const {
    std::vector<Diagnosis> found;
    for (auto const& [key, entry] : entries_)
        if (auto diagnosis = find(key, now)) found.push_back(std::move(diagnosis));
    return found;
}

} // namespace alert40::app
