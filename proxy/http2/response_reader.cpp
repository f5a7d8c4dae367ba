#include "proxy/http2/response_reader.hpp"

#include "proxy/http2/field_block.hpp"
#include "proxy/http2/request_reader.hpp"

namespace alert40::proxy::http2 {

void ResponseReader::add(ResponseHead& head, std::string_view name, std::string_view value,
                         bool never_index) {
    if (!budget_.spend(name, value)) return;
    if (name == ":status") {
        head.status = static_cast<std::uint16_t>(length_in(value).value_or(0)); // three digits
        return;
    }
    auto const id = classify(name);
    if (id == FieldName::content_length)
        content_length_ = length_in(value);
    else if (!stays_behind(id))
        head.fields.push_back({head.arena.copy(name), head.arena.copy(value), id, never_index});
}

bool ResponseReader::finish(ResponseHead& head, bool end) {
    if (budget_.exceeded()) return false;
    head.version = HttpVersion::http2;
    if (end) {
        head.body = BodyLength::none();
        head.declared_length = content_length_;
    } else {
        head.body = content_length_ ? BodyLength::known(*content_length_) : BodyLength::unknown();
    }
    return true;
}

} // namespace alert40::proxy::http2
