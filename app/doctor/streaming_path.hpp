#pragma once

#include "app/doctor/local_socket.hpp"
#include "app/pointing/proxy_address.hpp"

#include <memory>
#include <string_view>

namespace alert40::app::doctor {

/// How an app may ask a proxy for an origin.
enum class Way { http1, http2, tunnel };

std::string_view title_of(Way way); ///< "HTTP/1.1", "HTTP/2", "a CONNECT tunnel"

/// One request of an app that speaks one of these ways: what it sends, and what it has received of the
/// answer.
class StreamingPath {
  public:
    virtual ~StreamingPath() = default;
    /// Asks for http://127.0.0.1:`port`/. False: the proxy cannot be reached, or does not speak this way.
    virtual bool ask(std::uint16_t port) = 0;
    /// Waits until `text` is in the body that came so far.
    bool receives(std::string_view text, LocalSocket::Time patience);

  protected:
    /// Takes what came; false ends the waiting.
    virtual bool take(std::string_view bytes) = 0;
    virtual std::string_view body() const = 0;

    std::optional<LocalSocket> socket_;
};

/// `authorization`: the value of Proxy-Authorization; empty: none.
std::unique_ptr<StreamingPath> make_path(Way way, pointing::ProxyAddress const& proxy,
                                         std::string authorization);

} // namespace alert40::app::doctor
