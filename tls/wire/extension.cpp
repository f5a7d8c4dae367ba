#include "tls/wire/extension.hpp"

#include <algorithm>

namespace alert40::tls::wire {
namespace {

using bytes::Prefix;
using bytes::Reader;

using Numbers = std::vector<std::uint16_t>;

std::string_view as_text(Bytes bytes) {
    return {reinterpret_cast<char const*>(bytes.data()), bytes.size()};
}

/// What `read(Reader&)` makes of the whole data of an extension.
template <class Read>
auto read_data(std::vector<Extension> const& extensions, ExtensionType type, Read read)
    -> std::optional<decltype(read(std::declval<Reader&>()))> {
    auto const data = find(extensions, type);
    if (!data) return std::nullopt;
    Reader in{*data};
    auto value = read(in);
    if (!in.finished()) return std::nullopt;
    return value;
}

} // namespace

std::vector<Extension> read_extensions(Reader& in) {
    std::vector<Extension> extensions;
    in.nested<Prefix::u16>([&](Reader& list) {
        while (list.more()) {
            auto const type = list.u16();
            extensions.push_back({type, list.opaque<Prefix::u16>()});
        }
    });
    return extensions;
}

std::optional<Bytes> find(std::vector<Extension> const& extensions, ExtensionType type) {
    auto const found = std::ranges::find(extensions, static_cast<std::uint16_t>(type), &Extension::type);
    if (found == extensions.end()) return std::nullopt;
    return found->data;
}

std::optional<std::string_view> server_name(std::vector<Extension> const& extensions) {
    constexpr std::uint8_t host_name = 0;
    auto const name = read_data(extensions, ExtensionType::server_name, [](Reader& in) {
        std::optional<std::string_view> first;
        in.nested<Prefix::u16>([&](Reader& list) {
            while (list.more()) {
                auto const name_type = list.u8();
                auto const text = as_text(list.opaque<Prefix::u16>());
                if (name_type == host_name && !first) first = text;
            }
        });
        return first;
    });
    return name.value_or(std::nullopt);
}

std::optional<Numbers> supported_versions(std::vector<Extension> const& extensions) {
    return read_data(extensions, ExtensionType::supported_versions,
                     [](Reader& in) { return in.list_u16<Prefix::u8>(); });
}

std::optional<Numbers> supported_groups(std::vector<Extension> const& extensions) {
    return read_data(extensions, ExtensionType::supported_groups,
                     [](Reader& in) { return in.list_u16<Prefix::u16>(); });
}

std::optional<Numbers> signature_algorithms(std::vector<Extension> const& extensions) {
    return read_data(extensions, ExtensionType::signature_algorithms,
                     [](Reader& in) { return in.list_u16<Prefix::u16>(); });
}

std::optional<Bytes> ec_point_formats(std::vector<Extension> const& extensions) {
    return read_data(extensions, ExtensionType::ec_point_formats,
                     [](Reader& in) { return in.opaque<Prefix::u8>(); });
}

std::optional<std::vector<std::string_view>> alpn(std::vector<Extension> const& extensions) {
    return read_data(extensions, ExtensionType::application_layer_protocol_negotiation, [](Reader& in) {
        std::vector<std::string_view> names;
        in.nested<Prefix::u16>([&](Reader& list) {
            while (list.more())
                names.push_back(as_text(list.opaque<Prefix::u8>(255, 1)));
        });
        return names;
    });
}

std::optional<Numbers> key_share_groups(std::vector<Extension> const& extensions) {
    return read_data(extensions, ExtensionType::key_share, [](Reader& in) {
        Numbers groups;
        in.nested<Prefix::u16>([&](Reader& list) {
            while (list.more()) {
                groups.push_back(list.u16());
                list.opaque<Prefix::u16>(); // key_exchange
            }
        });
        return groups;
    });
}

} // namespace alert40::tls::wire
