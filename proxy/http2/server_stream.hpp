#pragma once

#include "proxy/exchange/exchange.hpp"
#include "proxy/http2/request_reader.hpp"
#include "proxy/http2/stream.hpp"

#include <memory>

namespace alert40::proxy::http2 {

class ServerSession;

/// One request of an app, from its HEADERS to the end of both directions.
class ServerStream final : public Stream, public Requester, public Recycled<ServerStream, streams_kept> {
  public:
    ServerStream(ServerSession& session, std::int32_t id);

    /// The request came by HTTP/1.1 (Upgrade: h2c) and has no body.
    void start_upgraded(RequestHead head);

  private:
    // from the session
    void begin_head(nghttp2_headers_category category) override;
    void add_field(std::string_view name, std::string_view value, bool never_index) override;
    void head_complete(bool end) override;
    void data(std::span<std::uint8_t const> piece) override;
    void peer_ended() override;

    void closed(std::uint32_t) override { exchange_.requester_gone(); }

    void lost(tls::Failure const&) override { exchange_.requester_gone(); }

    void end_of_turn() override;
    void output_complete() override;

    // from the Exchange
    void informational(ResponseHead& head) override;
    void response(ResponseHead& head, bool end) override;

    std::span<std::uint8_t> body_space(std::size_t at_least) override { return space(at_least); }

    void body_written(std::size_t n) override { written(n); }

    void end(Fields const& trailers) override { end_output(trailers); }

    void abort(Abort reason) override;

    bool congested() const override { return output_congested(); }

    void break_off(Breach const& breach) override;

    void more_request_body() override;

    /// A tunnel that is not answered yet: what came already must not reach an origin that may refuse it.
    bool holding_back() const { return tunnel_ == Tunnel::asked || tunnel_ == Tunnel::granted; }

    void release_held_back();
    void refuse(std::string_view status);

    enum class Tunnel : std::uint8_t {
        none,
        asked,
        granted, ///< and opened at the end of the turn, when the responder is ready for bytes
        open,
        refused,
    };

    Exchange exchange_;
    FieldsLoan room_{exchange_.request().fields};
    RequestReader reader_;
    bytes::ByteQueue held_back_;
    Arena response_text_;            ///< what the submitted head borrows
    Fields trailers_;                ///< text in the request's arena
    std::unique_ptr<Breach> breach_; ///< of the whole connection, at the end of the turn
    Tunnel tunnel_ = Tunnel::none;
    bool started_ = false; ///< the head was good: the Exchange is under way
    bool in_trailers_ = false;
    bool request_ended_ = false;
    bool answered_ = false;
};

} // namespace alert40::proxy::http2
