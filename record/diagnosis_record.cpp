#include "record/diagnosis_record.hpp"

namespace alert40::record {

bool explains(DiagnosisRecord const& diagnosis) {
    return diagnosis.outcome == "fails" || diagnosis.outcome == "unmendable" ||
           diagnosis.outcome == "intermittent";
}

std::string text_of(DiagnosedRemedy const& remedy) {
    return remedy.who + ": " + remedy.what + (remedy.weak ? " (weak: for this host only)" : "");
}

} // namespace alert40::record
