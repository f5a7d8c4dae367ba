#pragma once

#include "proxy/answer/upstream_error.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace alert40::proxy {

/// One registered error type (RFC 9209 section 2.3), with the status that goes with it here.
struct ProxyError {
    std::string_view type;
    std::uint16_t status;
    std::string_view title; ///< the same for each occurrence (RFC 9457 section 3.1.3)
};

/// `through_proxy`: the origin was to be reached by an upstream proxy, so what did not connect was that.
ProxyError proxy_error(UpstreamError::Kind kind, tls::Failure const* failure, bool through_proxy = false);

/// A Proxy-Status field value: `alert40; error=tls_alert_received; alert-id=40; ...`.
class ProxyStatus {
  public:
    explicit ProxyStatus(std::string_view error);
    ProxyStatus& integer(std::string_view key, unsigned value);
    ProxyStatus& string(std::string_view key, std::string_view value); ///< left out while empty

    std::string const& text() const { return text_; }

  private:
    std::string text_;
};

/// `text` as an sf-string without its quotes' content being able to end it (RFC 8941 section 3.3.3):
/// printable ASCII, anything else as `?`.
std::string quoted(std::string_view text);

} // namespace alert40::proxy
