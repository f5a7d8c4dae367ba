// An origin's bytes, read the same however they are cut; what is accepted says the same when it has been
// written again. The first byte chooses the request that they answer.
#include "fuzz/http1_reading.hpp"
#include "proxy/http1/response_head.hpp"
#include "proxy/http1/write_head.hpp"
#include "proxy/message/syntax.hpp"

using namespace alert40;
using namespace alert40::fuzz;
using namespace alert40::proxy;
using namespace alert40::proxy::http1;

namespace {

void check_accepted(ResponseHead const& head) {
    demand(head.status >= 100 && head.status <= 999);
    demand(valid_field_value(head.protocol));
    for (auto const& field : head.fields) {
        demand(valid_field_name(field.name) && valid_field_value(field.value));
        demand(field.id != FieldName::content_length && field.id != FieldName::transfer_encoding &&
               field.id != FieldName::connection);
    }
}

/// Writes the message as an app would get it. The result frames its body.
Framing write_again(bytes::ByteQueue& out, ResponseHead const& head, bool end, bool head_request) {
    if (head.upgraded) {
        write_switch(out, head, {});
        return Framing::until_close();
    }
    if (head.status < 200) {
        write_informational(out, head);
        return Framing::none();
    }
    return write_response_head(out, head, end,
                               {.version = HttpVersion::http1_1, .head_request = head_request});
}

void check_written_again(ResponseHead const& head, ReadBody const& body, ResponseContext const& context) {
    bytes::ByteQueue out;
    auto const framing = write_again(out, head, body.text.empty(), context.head_request);
    write_body(out, framing, body.text);
    auto const wire = text_of(out);

    ResponseHead again;
    ResponseTerms terms;
    auto const size = head_size(wire, wire.size());
    demand(size > 0);
    demand(!parse_response_head(wire.substr(0, size), context, again, terms));
    demand(again.status == head.status && again.upgraded == head.upgraded && again.protocol == head.protocol);
    demand(again.declared_length == head.declared_length);
    demand(text_of(again.fields) == text_of(head.fields));
    auto const body_again = read_body(terms.body, wire.substr(size), wire.size());
    demand(body_again.done && body_again.text == body.text && body_again.consumed == wire.size() - size);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    if (size == 0) return 0;
    ResponseContext const context{.head_request = (data[0] & 1) != 0,
                                  .upgrade = (data[0] & 2) != 0 ? std::string_view{"websocket"}
                                                                : std::string_view{}};
    std::string_view const wire(reinterpret_cast<char const*>(data + 1), size - 1);
    auto const head_end = head_size(wire, size);
    demand(head_end == head_size(wire, 1));
    if (head_end == 0) return 0;

    ResponseHead head;
    ResponseTerms terms;
    if (auto const error = parse_response_head(wire.substr(0, head_end), context, head, terms)) {
        demand(!error->empty());
        return 0;
    }
    check_accepted(head);
    auto const body = read_body(terms.body, wire.substr(head_end), size);
    demand(body == read_body(terms.body, wire.substr(head_end), 1));
    bool const room_for_more = head.fields.size() < 200 && head_end < 32 * 1024;
    if (body.done && room_for_more) check_written_again(head, body, context);
    return 0;
}
