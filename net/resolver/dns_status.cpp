#include "net/resolver/dns_status.hpp"

#include <ares.h>

namespace alert40::net {

namespace {

std::string reason_of(int status) {
    switch (status) {
    case ARES_ENOTFOUND: return "no such name (NXDOMAIN)";
    case ARES_ENODATA: return "the name has no address";
    case ARES_ESERVFAIL: return "the server failed (SERVFAIL)";
    case ARES_EREFUSED: return "the server refuses to answer (REFUSED)";
    case ARES_EFORMERR: return "the server did not understand the question (FORMERR)";
    case ARES_ENOTIMP: return "the server does not implement the question (NOTIMP)";
    case ARES_EBADRESP: return "the server's answer is malformed";
    case ARES_EBADNAME: return "not a name that DNS can carry";
    case ARES_ECONNREFUSED: return "the server cannot be reached";
    case ARES_ETIMEOUT: return "no answer";
    default: return ::ares_strerror(status);
    }
}

} // namespace

DnsFailure dns_failure(int status) {
    return {.kind = status == ARES_ETIMEOUT ? tls::FailureKind::timeout : tls::FailureKind::dns,
            .reason = reason_of(status),
            .no_data = status == ARES_ENODATA};
}

} // namespace alert40::net
