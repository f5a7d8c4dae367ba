#include "tls/engine/memory_bio.hpp"

#include <algorithm>
#include <cstring>
#include <new>

namespace alert40::tls::engine {
namespace {

MemoryIo& io_of(BIO* bio) {
    return *static_cast<MemoryIo*>(BIO_get_data(bio));
}

int read_bytes(BIO* bio, char* into, std::size_t size, std::size_t* moved) {
    BIO_clear_retry_flags(bio);
    *moved = io_of(bio).read({reinterpret_cast<std::uint8_t*>(into), size});
    if (*moved) return 1;
    BIO_set_retry_read(bio);
    return -1;
}

int write_bytes(BIO* bio, char const* from, std::size_t size, std::size_t* moved) {
    BIO_clear_retry_flags(bio);
    try {
        io_of(bio).output().append({reinterpret_cast<std::uint8_t const*>(from), size});
    } catch (std::bad_alloc const&) { // no exception may cross OpenSSL's frames
        *moved = 0;
        return 0;
    }
    *moved = size;
    return 1;
}

long control(BIO*, int command, long, void*) {
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

BIO_METHOD const* memory_bio_method() {
    static BioMethodPtr const method = [] {
        BioMethodPtr made(BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "alert40 memory"));
        if (!made) throw std::bad_alloc{};
        BIO_meth_set_read_ex(made.get(), read_bytes);
        BIO_meth_set_write_ex(made.get(), write_bytes);
        BIO_meth_set_ctrl(made.get(), control);
        return made;
    }();
    return method.get();
}

} // namespace

void MemoryIo::feed(std::span<std::uint8_t const> bytes) {
    if (!fed_.empty()) keep();
    fed_ = bytes;
}

void MemoryIo::keep() {
    kept_.append(fed_);
    fed_ = {};
}

std::size_t MemoryIo::read(std::span<std::uint8_t> into) {
    auto const source = kept_.empty() ? fed_ : kept_.data();
    auto const n = std::min(source.size(), into.size());
    if (n == 0) return 0;
    std::memcpy(into.data(), source.data(), n);
    if (copy_ && copy_->size() + n > copy_limit_) {
        copy_->clear();
        copy_ = nullptr;
    } else if (copy_)
        copy_->insert(copy_->end(), into.begin(), into.begin() + static_cast<std::ptrdiff_t>(n));
    if (kept_.empty())
        fed_ = fed_.subspan(n);
    else
        kept_.consume(n);
    return n;
}

BioPtr make_memory_bio(MemoryIo& io) {
    BioPtr bio(BIO_new(memory_bio_method()));
    if (!bio) throw std::bad_alloc{};
    BIO_set_data(bio.get(), &io);
    BIO_set_init(bio.get(), 1);
    return bio;
}

} // namespace alert40::tls::engine
