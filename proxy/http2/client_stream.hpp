#pragma once

#include "proxy/exchange/exchange.hpp"
#include "proxy/http2/response_reader.hpp"
#include "proxy/http2/stream.hpp"

#include <optional>

namespace alert40::proxy::http2 {

class ClientSession;

/// One request to an origin, from its HEADERS to the end of both directions.
class ClientStream final : public Stream, public Responder, public Recycled<ClientStream, streams_kept> {
  public:
    ClientStream(ClientSession& session, Exchange& exchange);

  private:
    // from the session
    void begin_head(nghttp2_headers_category) override;
    void add_field(std::string_view name, std::string_view value, bool never_index) override;
    void head_complete(bool end) override;
    void data(std::span<std::uint8_t const> piece) override;
    void peer_ended() override;
    void closed(std::uint32_t error_code) override;
    void lost(tls::Failure const& failure) override;
    void end_of_turn() override;

    void output_complete() override {}

    // from the Exchange
    void request(RequestHead& head, bool end) override;

    std::span<std::uint8_t> body_space(std::size_t at_least) override { return space(at_least); }

    void body_written(std::size_t n) override { written(n); }

    void end(Fields const& trailers) override { end_output(trailers); }

    void cancel() override;

    bool congested() const override { return output_congested(); }

    void more_response_body() override { pass_on(); }

    void deliver_section(bool end);
    void deliver_head(bool end);
    void deliver_end(Fields const& trailers);
    void response_complete();
    void fail(tls::Failure const& failure, bool unprocessed);

    ClientSession& session_;
    Exchange* exchange_; ///< null: nobody waits any more
    ResponseReader reader_;
    ResponseHead head_;              ///< the head, or the trailers, that come in
    std::optional<FieldsLoan> room_; ///< for its fields, while it comes in
    Arena protocol_text_;
    std::string_view protocol_; ///< of the tunnel that was asked for
    bool tunnel_ = false;
    bool final_head_came_ = false;
    bool not_sent_ = false;
};

} // namespace alert40::proxy::http2
