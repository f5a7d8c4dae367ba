#include "tls/ca/der.hpp"

namespace alert40::tls::ca::der {
namespace {

/// X.690 section 8.1.3: short below 128, else the number of bytes and the bytes.
void append_length(std::string& out, std::size_t length) {
    if (length < 0x80) {
        out += static_cast<char>(length);
        return;
    }
    std::string bytes;
    for (; length > 0; length >>= 8)
        bytes.insert(bytes.begin(), static_cast<char>(length & 0xff));
    out += static_cast<char>(0x80 | bytes.size());
    out += bytes;
}

} // namespace

std::string value(Tag tag, std::string_view content) {
    std::string out;
    out.reserve(content.size() + 6);
    out += static_cast<char>(tag);
    append_length(out, content.size());
    return out.append(content);
}

std::string bit_string(std::string_view bytes) {
    return value(Tag::bit_string, std::string(1, '\0').append(bytes));
}

} // namespace alert40::tls::ca::der
