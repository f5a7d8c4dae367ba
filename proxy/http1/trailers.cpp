#include "proxy/http1/trailers.hpp"

#include "proxy/http1/field_lines.hpp"
#include "proxy/message/message.hpp"

namespace alert40::proxy::http1 {

bool parse_trailers(std::string_view text, Fields& trailers) {
    HeadFacts facts;
    if (read_field_lines(text, trailers, facts) != FieldLines::good) return false;
    if (facts.connection_malformed || facts.hosts > 0 || facts.content_lengths > 0 ||
        facts.transfer_encodings > 0)
        return false;
    if (facts.has_connection_fields) strip_connection_fields(trailers);
    return true;
}

} // namespace alert40::proxy::http1
