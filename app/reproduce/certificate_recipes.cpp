#include "app/reproduce/certificate_recipes.hpp"

#include "app/reproduce/certificate_flaw.hpp"

namespace alert40::app::reproduce {

namespace {

Recipe show(tls::Flaw flaw, std::string comment) {
    Recipe recipe;
    recipe.steps.push_back({{}, {}, "certificate = \"" + std::string(tls::name_of(flaw)) + '"', false});
    recipe.comments.push_back(std::move(comment));
    recipe.app_trusts_us = flaw != tls::Flaw::unknown_issuer && flaw != tls::Flaw::self_signed;
    return recipe;
}

std::string flaws_to_tell() {
    std::string text;
    for (auto const name : tls::flaw_names())
        text.append(text.empty() ? "" : ", ").append(name);
    return text;
}

/// In the words of a note: "injected: certificate expired at certificate".
std::optional<tls::Flaw> flaw_in_notes(RecordedFailure const& failed) {
    constexpr std::string_view before = "injected: certificate ";
    for (auto const& note : failed.handshake.notes)
        if (note.starts_with(before)) {
            auto const rest = std::string_view(note).substr(before.size());
            return tls::flaw_named(rest.substr(0, rest.find(' ')));
        }
    return std::nullopt;
}

} // namespace

Made certificate(RecordedFailure const& failed, Told const& told) {
    if (told.flaw) return show(*told.flaw, "That it is this flaw was said with --certificate.");
    if (auto const judged = judged_flaw(failed))
        return show(judged->flaw, "What was wrong with the certificate: " + judged->because + '.');
    return NoRecipe{
        "the app refused the certificate, and the record does not show what for (TLS 1.3 encrypts both): say "
        "it "
        "with --certificate, one of " +
        flaws_to_tell() +
        ". The app's own words tell: \"certificate has expired\" is expired, \"self-signed certificate in "
        "certificate chain\" is unknown_issuer, \"unable to get local issuer certificate\" is "
        "missing_intermediate. \"bad extension\" is not about a certificate: the server chose a protocol in "
        "ALPN that the app had not offered, which --alpn says (any such: --alpn spdy/3). Nor is an alert "
        "that the "
        "app has received (\"... alert number 80\"): --alert says that"};
}

/// An app that alert40 ended the TLS of, and that does not trust the authority.
Made distrust(RecordedFailure const& failed, Told const& told) {
    if (told.flaw || !failed.injected_by.empty()) return certificate(failed, told);
    Recipe recipe;
    recipe.keys.emplace_back("mode = \"intercept\"");
    recipe.comments.emplace_back("This failure was between the app and alert40: the app did not trust who "
                                 "signed the certificate that it was "
                                 "shown. It fails again as long as it does not trust the authority of this "
                                 "machine either; do not point it here "
                                 "with alert40 env.");
    return recipe;
}

bool has_flaw_in_notes(RecordedFailure const& failed) {
    return flaw_in_notes(failed).has_value();
}

Made injected_flaw(RecordedFailure const& failed, Told const&) {
    return show(*flaw_in_notes(failed), "The failure on record was made on purpose, with this certificate.");
}

} // namespace alert40::app::reproduce
