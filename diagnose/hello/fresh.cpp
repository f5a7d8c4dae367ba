#include "diagnose/hello/fresh.hpp"

#include "bytes/reader.hpp"
#include "bytes/writer.hpp"
#include "tls/wire/iana.hpp"

#include <algorithm>

namespace alert40::diagnose {
namespace {

using bytes::Prefix;
using bytes::Reader;
using bytes::Writer;
using tls::wire::ExtensionType;

constexpr std::uint16_t padding_type = 21; ///< RFC 7685

Buffer with_shares(Buffer const& data, std::vector<KeyShare> const& shares) {
    Writer out;
    Reader in{data};
    in.nested<Prefix::u16>([&](Reader& list) {
        out.nested<Prefix::u16>([&](Writer& written) {
            while (list.more()) {
                auto const group = list.u16();
                auto key_exchange = list.opaque<Prefix::u16>();
                auto const fresh = std::ranges::find(shares, group, &KeyShare::group);
                if (fresh != shares.end() && fresh->key_exchange.size() == key_exchange.size())
                    key_exchange = fresh->key_exchange;
                written.u16(group).opaque<Prefix::u16>(key_exchange);
            }
        });
    });
    return in.finished() ? out.take() : data;
}

} // namespace

std::vector<std::uint16_t> share_groups(Hello const& hello) {
    auto groups =
        tls::wire::key_share_groups(view_of(hello).extensions).value_or(std::vector<std::uint16_t>{});
    std::erase_if(groups, tls::wire::iana::is_grease);
    return groups;
}

Hello freshened(Hello hello, Fresh const& fresh) {
    hello.random = fresh.random;
    std::copy_n(fresh.session_id.begin(), hello.session_id.size(), hello.session_id.begin());
    if (auto* const shares = find(hello, ExtensionType::key_share))
        shares->data = with_shares(shares->data, fresh.key_shares);
    return hello;
}

Hello addressed_to(Hello hello, std::string_view name) {
    auto* const extension = find(hello, ExtensionType::server_name);
    if (!extension) return hello;
    auto const before = wire_size(hello);
    extension->data = server_name_data(name);
    if (name.empty()) std::erase_if(hello.extensions, [](auto const& one) { return one.type == 0; });
    bool const padded =
        std::ranges::find(hello.extensions, padding_type, &Hello::Extension::type) != hello.extensions.end();
    return padded ? padded_to(std::move(hello), before) : hello;
}

Hello padded_to(Hello hello, std::size_t wire_bytes) {
    wire_bytes = std::min(wire_bytes, 2 * longest_hello); // what fits into an extension
    auto& extensions = hello.extensions;
    auto const old = std::ranges::find(extensions, padding_type, &Hello::Extension::type);
    auto const place = static_cast<std::size_t>(old - extensions.begin());
    if (old != extensions.end()) extensions.erase(old);
    auto const size = wire_size(hello);
    if (size >= wire_bytes) return hello;
    bool const ends_with_psk =
        !extensions.empty() &&
        extensions.back().type == static_cast<std::uint16_t>(ExtensionType::pre_shared_key);
    auto const last = extensions.size() - (ends_with_psk ? 1 : 0); // RFC 8446 section 4.2.11
    constexpr std::size_t header = 4;
    Hello::Extension padding{padding_type,
                             Buffer(wire_bytes - size > header ? wire_bytes - size - header : 0)};
    extensions.insert(extensions.begin() + static_cast<std::ptrdiff_t>(std::min(place, last)),
                      std::move(padding));
    return hello;
}

} // namespace alert40::diagnose
