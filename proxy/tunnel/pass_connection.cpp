#include "proxy/tunnel/pass_connection.hpp"

#include "proxy/tunnel/raw_connection.hpp"
#include "tls/wire/alert_message.hpp"

namespace alert40::proxy {
namespace {

class PassConnection final : public RawConnection {
  public:
    PassConnection(DownstreamParts parts, policy::Origin const& target)
        : RawConnection(std::move(parts))
        , target_(policy::bracketed(target.host) + ":" + std::to_string(target.port)) {}

  private:
    void talk(bytes::ByteQueue&) override { ask(target_); }

    void granted(bytes::ByteQueue&) override {}

    void refused(unsigned, bytes::ByteQueue& output) override {
        output.append(tls::wire::fatal_alert_record(tls::AlertDescription::internal_error));
    }

    std::string target_;
};

} // namespace

std::unique_ptr<Downstream> make_pass_connection(DownstreamParts parts, policy::Origin const& target) {
    return std::make_unique<PassConnection>(std::move(parts), target);
}

} // namespace alert40::proxy
