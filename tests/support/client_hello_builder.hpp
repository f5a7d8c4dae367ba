#pragma once

#include "bytes/writer.hpp"
#include "support/bytes.hpp"
#include "tls/wire/client_hello.hpp"

#include <cstdint>
#include <initializer_list>
#include <list>
#include <string_view>
#include <vector>

namespace alert40::tests {

/// A ClientHello as one says it:
///
///     ClientHelloBuilder{}.suites({0x1301}).server_name("example.com").alpn({"h2"}).body()
class ClientHelloBuilder {
  public:
    using Prefix = bytes::Prefix;
    using Writer = bytes::Writer;
    using Numbers = std::initializer_list<std::uint16_t>;

    ClientHelloBuilder() { hello_.compression_methods = no_compression; }

    ClientHelloBuilder(ClientHelloBuilder&&) = default;

    ClientHelloBuilder& legacy_version(std::uint16_t version) {
        hello_.legacy_version = version;
        return *this;
    }

    ClientHelloBuilder& session_id(Buffer id) {
        hello_.session_id = keep(std::move(id));
        return *this;
    }

    ClientHelloBuilder& suites(std::vector<std::uint16_t> suites) {
        hello_.cipher_suites = std::move(suites);
        return *this;
    }

    ClientHelloBuilder& extension(std::uint16_t type, Buffer data = {}) {
        hello_.extensions.push_back({type, keep(std::move(data))});
        return *this;
    }

    ClientHelloBuilder& server_name(std::string_view name) {
        return extension(
            0, Writer{}
                   .nested<Prefix::u16>([&](Writer& list) { list.u8(0).opaque<Prefix::u16>(bytes_of(name)); })
                   .take());
    }

    ClientHelloBuilder& groups(Numbers groups) { return extension(10, list_u16<Prefix::u16>(groups)); }

    ClientHelloBuilder& point_formats(Buffer const& formats) {
        return extension(11, Writer{}.opaque<Prefix::u8>(formats).take());
    }

    ClientHelloBuilder& signature_algorithms(Numbers schemes) {
        return extension(13, list_u16<Prefix::u16>(schemes));
    }

    ClientHelloBuilder& alpn(std::initializer_list<std::string_view> names) {
        return extension(16, Writer{}
                                 .nested<Prefix::u16>([&](Writer& list) {
                                     for (auto const name : names)
                                         list.opaque<Prefix::u8>(bytes_of(name));
                                 })
                                 .take());
    }

    ClientHelloBuilder& versions(Numbers versions) { return extension(43, list_u16<Prefix::u8>(versions)); }

    ClientHelloBuilder& key_shares(Numbers groups) {
        return extension(51, Writer{}
                                 .nested<Prefix::u16>([&](Writer& list) {
                                     for (auto const group : groups)
                                         list.u16(group).opaque<Prefix::u16>(hex("01020304"));
                                 })
                                 .take());
    }

    /// Borrows from this builder.
    tls::wire::ClientHello const& hello() const { return hello_; }

    Buffer body() const { return tls::wire::write_client_hello(hello_); }

  private:
    static constexpr std::uint8_t no_compression[] = {0};

    template <Prefix prefix>
    static Buffer list_u16(Numbers numbers) {
        return Writer{}.list_u16<prefix>(std::vector<std::uint16_t>{numbers}).take();
    }

    tls::wire::Bytes keep(Buffer data) { return kept_.emplace_back(std::move(data)); }

    tls::wire::ClientHello hello_;
    std::list<Buffer> kept_; ///< what hello_ borrows
};

} // namespace alert40::tests
