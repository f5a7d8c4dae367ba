#include "net/socket_failure.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <system_error>
#include <utility>

namespace alert40::net {

namespace {

using tls::FailureKind;

constexpr std::array kinds{
    std::pair{ECONNREFUSED, FailureKind::refused},      std::pair{ECONNRESET, FailureKind::reset},
    std::pair{ECONNABORTED, FailureKind::reset},        std::pair{EPIPE, FailureKind::reset},
    std::pair{ETIMEDOUT, FailureKind::timeout},         std::pair{ENETUNREACH, FailureKind::unreachable},
    std::pair{EHOSTUNREACH, FailureKind::unreachable},  std::pair{ENETDOWN, FailureKind::unreachable},
    std::pair{EADDRNOTAVAIL, FailureKind::unreachable}, std::pair{EAFNOSUPPORT, FailureKind::unreachable},
    std::pair{EACCES, FailureKind::unreachable},        std::pair{EPERM, FailureKind::unreachable},
};

} // namespace

tls::FailureKind failure_kind_of(int error) {
    auto const* const row =
        std::find_if(kinds.begin(), kinds.end(), [&](auto const& one) { return one.first == error; });
    return row != kinds.end() ? row->second : FailureKind::library; // out of descriptors or memory
}

std::string reason_of(int error) {
    auto text = std::generic_category().message(error);
    if (!text.empty()) text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
    return text;
}

} // namespace alert40::net
