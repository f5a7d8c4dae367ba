// An app's bytes: read the same however they are cut, and what is accepted says the same when it has been
// written again, so that an origin reads the request that we have read.
#include "fuzz/http1_reading.hpp"
#include "proxy/http1/request_head.hpp"
#include "proxy/http1/write_head.hpp"
#include "proxy/message/syntax.hpp"

using namespace alert40;
using namespace alert40::fuzz;
using namespace alert40::proxy;
using namespace alert40::proxy::http1;

namespace {

void check_accepted(RequestHead const& head, RequestTerms const& terms) {
    demand(valid_method(head.method));
    demand(head.method == "CONNECT" ? head.path.empty() : head.path == "*" || valid_path(head.path));
    demand(head.version == HttpVersion::http1_0 || valid_authority(head.authority));
    demand(head.body == length_of(terms.body));
    for (auto const& field : head.fields) {
        demand(valid_field_name(field.name) && valid_field_value(field.value));
        demand(field.id == classify(field.name));
        demand(field.id != FieldName::host && field.id != FieldName::content_length &&
               field.id != FieldName::transfer_encoding && field.id != FieldName::connection);
    }
}

void check_written_again(RequestHead const& head, ReadBody const& body) {
    bytes::ByteQueue out;
    auto const framing = write_request_head(out, head, body.text.empty());
    if (head.protocol.empty()) write_body(out, framing, body.text);
    auto const wire = text_of(out);

    RequestHead again;
    RequestTerms terms;
    auto const size = head_size(wire, wire.size());
    demand(size > 0);
    demand(!parse_request_head(wire.substr(0, size), again, terms));
    demand(again.method == head.method && again.path == head.path && again.authority == head.authority);
    demand(again.protocol == head.protocol && !terms.http2_settings);
    demand(again.trailers_accepted == head.trailers_accepted);
    demand(text_of(again.fields) == text_of(head.fields));
    auto const body_again = read_body(terms.body, wire.substr(size), wire.size());
    demand(body_again.done && body_again.text == body.text && body_again.consumed == wire.size() - size);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view const wire(reinterpret_cast<char const*>(data), size);
    auto const head_end = head_size(wire, size);
    demand(head_end == head_size(wire, 1));
    demand(head_end == head_size(wire, 3));
    if (head_end == 0) return 0;

    RequestHead head;
    RequestTerms terms;
    if (auto const refusal = parse_request_head(wire.substr(0, head_end), head, terms)) {
        demand(refusal->status >= 400 && !refusal->reason.empty());
        return 0;
    }
    check_accepted(head, terms);
    auto const body = read_body(terms.body, wire.substr(head_end), size);
    demand(body == read_body(terms.body, wire.substr(head_end), 1));
    bool const room_for_more = head.fields.size() < 200 && head_end < 32 * 1024;
    if (body.done && !head.authority.empty() && room_for_more) check_written_again(head, body);
    return 0;
}
