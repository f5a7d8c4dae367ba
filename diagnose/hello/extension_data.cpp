#include "diagnose/hello/extension_data.hpp"

#include "bytes/writer.hpp"

namespace alert40::diagnose {
namespace {

using bytes::Prefix;
using bytes::Writer;

std::span<std::uint8_t const> bytes_of(std::string_view text) {
    return {reinterpret_cast<std::uint8_t const*>(text.data()), text.size()};
}

} // namespace

Buffer server_name_data(std::string_view host_name) {
    constexpr std::uint8_t type = 0; // host_name (RFC 6066 section 3)
    return Writer{}
        .nested<Prefix::u16>([&](Writer& list) { list.u8(type).opaque<Prefix::u16>(bytes_of(host_name)); })
        .take();
}

Buffer alpn_data(std::span<std::string const> names) {
    return Writer{}
        .nested<Prefix::u16>([&](Writer& list) {
            for (auto const& name : names)
                list.opaque<Prefix::u8>(bytes_of(name));
        })
        .take();
}

Buffer key_share_data(std::span<KeyShare const> shares) {
    return Writer{}
        .nested<Prefix::u16>([&](Writer& list) {
            for (auto const& share : shares)
                list.u16(share.group).opaque<Prefix::u16>(share.key_exchange);
        })
        .take();
}

Buffer supported_versions_data(std::span<std::uint16_t const> versions) {
    return Writer{}.list_u16<Prefix::u8>(versions).take();
}

Buffer code_list_data(std::span<std::uint16_t const> codes) {
    return Writer{}.list_u16<Prefix::u16>(codes).take();
}

} // namespace alert40::diagnose
