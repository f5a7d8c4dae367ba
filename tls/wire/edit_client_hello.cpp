#include "tls/wire/edit_client_hello.hpp"

#include "bytes/writer.hpp"
#include "tls/wire/client_hello.hpp"
#include "tls/wire/handshake_message.hpp"
#include "tls/wire/record.hpp"

#include <algorithm>
#include <string>

namespace alert40::tls::wire {
namespace {

using bytes::Prefix;
using bytes::Writer;

using Extensions = std::vector<Extension>;

constexpr auto alpn_type = static_cast<std::uint16_t>(ExtensionType::application_layer_protocol_negotiation);
constexpr auto psk_type = static_cast<std::uint16_t>(ExtensionType::pre_shared_key);
constexpr std::size_t longest_vector = 0xffff;
constexpr std::size_t most_in_a_record = 1 << 14; ///< of plaintext (RFC 8446 section 5.1)

/// What must be last (RFC 8446 section 4.2.11), or the end.
Extensions::iterator behind_the_others(Extensions& extensions) {
    bool const psk = !extensions.empty() && extensions.back().type == psk_type;
    return psk ? extensions.end() - 1 : extensions.end();
}

/// ProtocolNameList (RFC 7301 section 3.1); nothing where a name or the list does not fit.
std::optional<std::vector<std::uint8_t>> protocol_names(std::vector<std::string> const& names) {
    std::size_t size = 0;
    for (auto const& name : names) {
        if (name.empty() || name.size() > 255) return std::nullopt;
        size += 1 + name.size();
    }
    if (size + 2 > longest_vector) return std::nullopt;
    Writer out;
    out.nested<Prefix::u16>([&](Writer& list) {
        for (auto const& name : names)
            list.opaque<Prefix::u8>({reinterpret_cast<std::uint8_t const*>(name.data()), name.size()});
    });
    return out.take();
}

/// In the place of the one that there is, or behind the others.
void set_alpn(Extensions& extensions, Bytes data) {
    auto const found = std::ranges::find(extensions, alpn_type, &Extension::type);
    if (found != extensions.end())
        found->data = data;
    else
        extensions.insert(behind_the_others(extensions), {alpn_type, data});
}

std::size_t size_of(Extensions const& extensions) {
    std::size_t size = 0;
    for (auto const& extension : extensions)
        size += 4 + extension.data.size();
    return size;
}

} // namespace

Result<std::vector<std::uint8_t>> edit_client_hello(Bytes body, HelloEdit const& edit) {
    auto hello = parse_client_hello(body);
    if (!hello) return hello.error();
    auto& extensions = hello->extensions;
    std::vector<std::uint8_t> names; // borrowed by the hello
    if (edit.alpn && edit.alpn->empty()) {
        std::erase_if(extensions, [](Extension const& one) { return one.type == alpn_type; });
    } else if (edit.alpn) {
        auto written = protocol_names(*edit.alpn);
        if (!written) return Malformed{Malformed::What::too_long, body.size()};
        names = *std::move(written);
        set_alpn(extensions, names);
    }
    std::erase_if(extensions, [&](Extension const& one) {
        return std::ranges::find(edit.without_extensions, one.type) != edit.without_extensions.end();
    });
    if (edit.reversed) std::reverse(extensions.begin(), behind_the_others(extensions));
    if (size_of(extensions) > longest_vector) return Malformed{Malformed::What::too_long, body.size()};
    return write_client_hello(*hello);
}

std::vector<std::uint8_t> client_hello_records(Bytes body, std::uint16_t legacy_record_version) {
    auto const message =
        Writer{}.u8(static_cast<std::uint8_t>(HandshakeType::client_hello)).opaque<Prefix::u24>(body).take();
    Writer out;
    for (Bytes left = message; !left.empty();) {
        auto const fragment = left.first(std::min(left.size(), most_in_a_record));
        out.u8(static_cast<std::uint8_t>(ContentType::handshake))
            .u16(legacy_record_version)
            .opaque<Prefix::u16>(fragment);
        left = left.subspan(fragment.size());
    }
    return out.take();
}

} // namespace alert40::tls::wire
