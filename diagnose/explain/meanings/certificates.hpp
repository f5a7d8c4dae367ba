#pragma once

#include "diagnose/explain/meanings/alerts.hpp"

/// A certificate that this side refused. The other side never refused anything; it was told by an alert.
namespace alert40::explain::meanings {

inline constexpr std::string_view server_did_not_refuse =
    "the other side refused nothing, and no cipher suite, version or ALPN will mend it. Turning verification "
    "off hides it.";

inline constexpr auto certificates = std::to_array<Meaning>({
    {.subject = T::certificate_expired,
     .name = "certificate_expired",
     .teller = Teller::here,
     .gist = "{here} refused the certificate that it was shown: out of date by its own clock.",
     .means = "The certificate, or one above it, has expired; or, if it is so with every host, the clock "
              "here is wrong.",
     .not_this = server_did_not_refuse,
     .causes = {"certificate-expired", "old-authorities"},
     .command = chain_command,
     .shows = chain_shows},
    {.subject = T::certificate_not_yet_valid,
     .name = "certificate_not_yet_valid",
     .teller = Teller::here,
     .gist = "{here} refused the certificate that it was shown: it is not valid yet, by its own clock.",
     .means = "Most often the clock here is behind.",
     .not_this = server_did_not_refuse,
     .causes = {"certificate-not-yet-valid"},
     .command = "date -u",
     .shows = "the clock of this machine"},
    {.subject = T::certificate_dates,
     .name = "certificate_dates",
     .teller = Teller::here,
     .gist = "{here} refused the certificate that it was shown: expired, or not valid yet. The words do not "
             "say which.",
     .means = "The certificate's time is over or has not begun; if it is so with every host, the clock here "
              "is wrong.",
     .not_this = server_did_not_refuse,
     .causes = {"certificate-expired", "certificate-not-yet-valid"},
     .command = chain_command,
     .shows = chain_shows},
    {.subject = T::certificate_wrong_host,
     .name = "certificate_wrong_host",
     .teller = Teller::here,
     .gist = "{here} refused the certificate that it was shown: it is for other names than the one that was "
             "asked for.",
     .means =
         "Its issuer may be fine. The server shows the certificate of another site, or of its default one.",
     .not_this = server_did_not_refuse,
     .causes = {"name-not-in-certificate", "default-site", "wrong-address"},
     .command = chain_command,
     .shows = chain_shows},
    {.subject = T::certificate_self_signed,
     .name = "certificate_self_signed",
     .teller = Teller::here,
     .gist = "{here} refused the certificate that it was shown: signed by itself, nobody vouches for it.",
     .means = "A server that was set up with a certificate of its own making, a default one, or a box that "
              "answers in its place.",
     .not_this = server_did_not_refuse,
     .causes = {"certificate-self-signed", "intercepting-box", "default-site"},
     .command = chain_command,
     .shows = chain_shows},
    {.subject = T::certificate_unknown_issuer,
     .name = "certificate_unknown_issuer",
     .teller = Teller::here,
     .gist = "{here} refused the certificate that it was shown: at the top of its chain stands an authority "
             "that is not trusted here.",
     .means = "The chain is complete. Who issued it is unknown to this program: it may have authorities of "
              "its own, apart from the system's.",
     .not_this = server_did_not_refuse,
     .causes = {"intercepting-box", "private-authority", "old-authorities"},
     .command = chain_command,
     .shows = chain_shows},
    {.subject = T::certificate_issuer_missing,
     .name = "certificate_issuer_missing",
     .teller = Teller::here,
     .gist = "{here} refused the certificate that it was shown: it does not know the issuer.",
     .means = "Either the server did not send the intermediate, or the authority is not trusted here. These "
              "words do not tell them apart; the "
              "chain does. Browsers often have the intermediate from elsewhere, so that they work where "
              "programs fail.",
     .not_this = server_did_not_refuse,
     .causes = {"intermediate-missing", "intercepting-box", "private-authority", "old-authorities"},
     .command = chain_command,
     .shows = chain_shows},
    {.subject = T::certificate_revoked,
     .name = "certificate_revoked",
     .teller = Teller::here,
     .gist = "{here} refused the certificate that it was shown: its issuer has revoked it.",
     .means = "It was taken back before its time, often because its key was lost.",
     .not_this = server_did_not_refuse,
     .causes = {"revoked"}},
    {.subject = T::revocation_unknown,
     .name = "revocation_unknown",
     .teller = Teller::here,
     .gist = "{here} could not find out whether the certificate is revoked, and so refused it.",
     .means = "The issuer's OCSP or CRL server was not reached, or the certificate names none. Common on "
              "Windows behind a proxy, and with "
              "authorities of one's own.",
     .not_this = "not that the certificate is revoked.",
     .causes = {"revocation-unreachable", "intercepting-box"}},
    {.subject = T::certificate_too_weak,
     .name = "certificate_too_weak",
     .teller = Teller::here,
     .gist = "{here} refused the certificate that it was shown: its key is too short or its signature too "
             "old for the security level.",
     .means =
         "SHA-1 or MD5, or RSA below 2048 bits, at OpenSSL's security level 2 or what corresponds to it.",
     .not_this = server_did_not_refuse,
     .causes = {"old-certificate"},
     .command = chain_command,
     .shows = "its signature algorithm and its key"},
    {.subject = T::certificate_constraints,
     .name = "certificate_constraints",
     .teller = Teller::here,
     .gist = "{here} refused the certificate that it was shown: something in the chain is not allowed to do "
             "what it does here.",
     .means = "An authority that may not issue, a chain that is too long, a name outside of what is "
              "permitted, or a use that does not fit.",
     .not_this = server_did_not_refuse,
     .causes = {"chain-not-allowed", "certificate-for-other-use"},
     .command = chain_command,
     .shows = chain_shows},
    {.subject = T::certificate_rejected,
     .name = "certificate_rejected",
     .teller = Teller::here,
     .gist = "{here} refused the certificate that it was shown. These words do not say why.",
     .means = "An unknown issuer, another name or a date: the lines around it, or the chain, tell.",
     .not_this = server_did_not_refuse,
     .causes = {"intermediate-missing", "intercepting-box", "private-authority", "name-not-in-certificate",
                "certificate-expired"},
     .command = chain_command,
     .shows = chain_shows},
    {.subject = T::authorities_unreadable,
     .name = "authorities_unreadable",
     .teller = Teller::here,
     .gist = "The list of authorities that this program trusts is missing, empty or cannot be read.",
     .means = "It failed before any server was asked: no certificate can be verified so.",
     .not_this = "not a fault of the server or its certificate.",
     .causes = {"no-authorities"}},
    {.subject = T::own_certificate_unusable,
     .name = "own_certificate_unusable",
     .teller = Teller::here,
     .gist = "This side's own certificate or key cannot be used.",
     .means = "The file is missing or unreadable, the key does not belong to the certificate, or there is "
              "none where one is needed.",
     .not_this = "not a refusal by the other side.",
     .causes = {"key-does-not-fit"}},
    {.subject = T::peer_without_certificate,
     .name = "peer_without_certificate",
     .teller = Teller::here,
     .gist = "A client certificate is demanded, and none was given.",
     .means = "A server that says so refused its client, which gets alert 116, or 40 up to TLS 1.2; a client "
              "that says so has none to send.",
     .not_this = "not the server's certificate.",
     .causes = {"client-certificate-required"}},
    {.subject = T::client_certificate_refused,
     .name = "client_certificate_refused",
     .gist = "The server refused the client's certificate, or that there was none.",
     .means = "It sent one of the alerts about certificates; these words do not say which.",
     .not_this = "not the server's own certificate.",
     .causes = {"client-certificate-required", "client-certificate-refused", "client-certificate-expired"},
     .may_be = {A::handshake_failure, A::no_certificate, A::bad_certificate, A::unsupported_certificate,
                A::certificate_revoked, A::certificate_expired, A::certificate_unknown, A::unknown_ca,
                A::access_denied, A::certificate_required}},
});

} // namespace alert40::explain::meanings
