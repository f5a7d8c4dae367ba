#pragma once

#include "proxy/message/message.hpp"

#include <nghttp2/nghttp2.h>

#include <cstdint>
#include <string_view>
#include <vector>

namespace alert40::proxy::http2 {

/// The field lines of one HEADERS frame on their way to HPACK. Borrows the text, which has to stay until the
/// frame has been sent, unless nghttp2 is told to copy it (`Text::copied`). One at a time in a thread: they
/// share their storage.
class FieldBlock {
  public:
    enum class Text : std::uint8_t { borrowed, copied };

    explicit FieldBlock(Text text);

    void add(std::string_view name, std::string_view value, bool never_index = false);
    /// All that may pass over HTTP/2, with names in lower case (written into `arena` where they are not).
    /// Cookie as crumbs, which compress better (RFC 9113 section 8.2.3).
    void add_fields(Fields const& fields, Arena& arena);
    void add_content_length(std::uint64_t length, Arena& arena);

    nghttp2_nv const* data() const { return lines_.data(); }

    std::size_t size() const { return lines_.size(); }

  private:
    void add_cookie_crumbs(Field const& cookie);

    std::vector<nghttp2_nv>& lines_;
    std::uint8_t flags_;
};

/// A field that means something for one connection, or for the framing that HTTP/2 has itself (RFC 9113
/// section 8.2.2).
bool stays_behind(FieldName id);

} // namespace alert40::proxy::http2
