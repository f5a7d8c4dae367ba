#include "tls/wire/record.hpp"

namespace alert40::tls::wire {
namespace {

bool is_content_type(std::uint8_t type) {
    return type >= static_cast<std::uint8_t>(ContentType::change_cipher_spec) &&
           type <= static_cast<std::uint8_t>(ContentType::heartbeat);
}

bool may_be_empty(ContentType type) {
    return type == ContentType::application_data;
}

} // namespace

Result<RecordHeader> parse_record_header(Bytes header) {
    bytes::Reader in{header};
    auto const type = in.u8();
    auto const legacy_version = in.u16();
    auto const length = in.u16();
    if (!in.finished()) return malformed(in);

    RecordHeader const record{static_cast<ContentType>(type), legacy_version, length};
    if (!is_content_type(type)) return Malformed{Malformed::What::not_tls, 0};
    if (legacy_version >> 8 != 3) return Malformed{Malformed::What::not_tls, 1};
    if (length > max_record_fragment) return Malformed{Malformed::What::too_long, 3};
    if (length == 0 && !may_be_empty(record.type)) return Malformed{Malformed::What::illegal_value, 3};
    return record;
}

std::optional<Record> RecordSplitter::next() {
    auto const frame = frames_.next([](Bytes header) -> Result<std::size_t> {
        auto const record = parse_record_header(header);
        if (!record) return record.error();
        return std::size_t{record->length};
    });
    if (!frame) return std::nullopt;
    return Record{*parse_record_header(frame->first(record_header_size)), frame->subspan(record_header_size),
                  *frame};
}

} // namespace alert40::tls::wire
