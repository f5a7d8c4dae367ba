#pragma once

#include "diagnose/explain/meanings/alerts.hpp"

/// How a connection ended or did not come about. Nobody said why.
namespace alert40::explain::meanings {

inline constexpr std::string_view no_reason_given =
    "no alert was seen, so nothing is known of versions, suites or certificates.";

inline constexpr auto connection = std::to_array<Meaning>({
    {.subject = T::closed_in_handshake,
     .name = "closed_in_handshake",
     .teller = Teller::nobody,
     .gist = "The connection was closed in the middle of the TLS handshake, without an alert.",
     .means = "The other side, or something on the way, hung up: a load balancer without a healthy backend, "
              "a box that dislikes the hello, or "
              "a server that failed.",
     .not_this = no_reason_given,
     .causes = {"backend-gone", "large-hello", "version-intolerant", "name-filtered", "intercepting-box"}},
    {.subject = T::closed,
     .name = "closed",
     .teller = Teller::nobody,
     .gist = "The connection was closed by the other side without a word.",
     .means = "In a handshake: a box or server that hung up on the hello. After it: often a kept connection "
              "that was closed just when it was used "
              "again, or a server that died of the request.",
     .not_this =
         "OpenSSL 3 calls any end without close_notify an error; after a complete answer it is harmless.",
     .causes = {"idle-connection", "backend-gone", "large-hello", "server-broken"}},
    {.subject = T::reset,
     .name = "reset",
     .teller = Teller::nobody,
     .gist = "The connection was reset (TCP RST).",
     .means = "The other side's system, or a box on the way, dropped it. Straight after a large ClientHello, "
              "or with some names only, it is "
              "often a box; after the handshake it can hide an alert such as 116.",
     .not_this = no_reason_given,
     .causes = {"large-hello", "version-intolerant", "name-filtered", "idle-connection",
                "client-certificate-required"}},
    {.subject = T::handshake_timeout,
     .name = "handshake_timeout",
     .teller = Teller::nobody,
     .gist = "The TLS handshake did not finish in time.",
     .means = "TCP was connected; then the ClientHello, or the answer to it, was lost, or nobody reads it.",
     .not_this = no_reason_given,
     .causes = {"path-or-backend-silent", "large-hello", "name-filtered"}},
    {.subject = T::timeout,
     .name = "timeout",
     .teller = Teller::nobody,
     .gist = "Nothing came in time.",
     .means = "The words do not say at which stage: connecting, the handshake, or the answer to a request.",
     .not_this = no_reason_given,
     .causes = {"path-or-backend-silent", "connect-filtered", "server-slow"}},
    {.subject = T::refused,
     .name = "refused",
     .teller = Teller::nobody,
     .gist = "The TCP connection was refused: no TLS was spoken.",
     .means = "The address was reached, and nothing listens on that port, or a firewall says so.",
     .not_this = "not a TLS failure.",
     .causes = {"nothing-listens", "proxy-gone"}},
    {.subject = T::unreachable,
     .name = "unreachable",
     .teller = Teller::nobody,
     .gist = "The address could not be connected to: no TLS was spoken.",
     .means = "No route, a firewall, or nobody there.",
     .not_this = "not a TLS failure.",
     .causes = {"no-route", "connect-filtered", "nothing-listens"}},
    {.subject = T::name_not_resolved,
     .name = "name_not_resolved",
     .teller = Teller::nobody,
     .gist = "The name was not resolved: no connection was tried.",
     .means = "It does not exist for this resolver, or the resolver does not answer.",
     .not_this = "not a TLS failure.",
     .causes = {"name-does-not-resolve", "resolver-silent"}},
    {.subject = T::proxy_failed,
     .name = "proxy_failed",
     .teller = Teller::unknown,
     .gist = "The proxy on the way could not be reached, or did not open the tunnel: the origin saw no TLS.",
     .means = "It is down, wants credentials, does not allow the host, or could not reach it.",
     .not_this = "not a TLS failure of the origin.",
     .causes = {"upstream-proxy-refuses", "proxy-gone"}},
    {.subject = T::body_cut,
     .name = "body_cut",
     .teller = Teller::nobody,
     .gist = "The answer began, and ended before it was complete.",
     .means = "TLS was fine. The server, or a box with a limit of time or size, cut it off.",
     .not_this = "not a TLS failure.",
     .causes = {"server-broken", "box-with-a-limit"}},
    {.subject = T::http_status,
     .name = "http_status",
     .teller = Teller::peer,
     .gist = "The answer was an HTTP status that the client cannot use.",
     .means = "TLS and HTTP work; the server, or what stands before it, says that it cannot serve this.",
     .not_this = "not a TLS failure.",
     .causes = {"server-broken", "page-of-a-box"}},
    {.subject = T::call_failed,
     .name = "call_failed",
     .teller = Teller::unknown,
     .gist = "An RPC failed; its status does not say why.",
     .means = "UNAVAILABLE covers everything from a name that does not resolve to an alert. The cause stands "
              "behind the status, or in lines "
              "around it (GRPC_VERBOSITY=debug, NODE_DEBUG=http2).",
     .not_this = "not proved that the server is down.",
     .causes = {"server-broken", "no-common-parameters", "http2-broken"}},
    {.subject = T::no_tls_failure,
     .name = "no_tls_failure",
     .teller = Teller::here,
     .gist = "This is OpenSSL, and not TLS: a program asked it for an algorithm that OpenSSL 3 keeps in its "
             "legacy provider.",
     .means = "Often an old webpack that wants MD4, on Node.js 17 or later.",
     .not_this = "no connection is involved.",
     .causes = {"legacy-algorithm"}},
});

} // namespace alert40::explain::meanings
