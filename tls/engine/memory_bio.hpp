#pragma once

#include "bytes/byte_queue.hpp"
#include "tls/engine/openssl_handles.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace alert40::tls::engine {

/// The two ends of a connection's ciphertext, as OpenSSL sees them through its BIO.
class MemoryIo {
  public:
    /// Lends `bytes` until they were read, or `keep` was called.
    void feed(std::span<std::uint8_t const> bytes);
    /// Copies what is still lent.
    void keep();

    bool has_input() const { return !kept_.empty() || !fed_.empty(); }

    std::size_t read(std::span<std::uint8_t> into);

    /// What is read is copied behind `copy` too; beyond `limit` bytes it is emptied and left alone. Null: no
    /// more. Borrowed.
    void copy_reads(std::vector<std::uint8_t>* copy, std::size_t limit = 0) {
        copy_ = copy;
        copy_limit_ = limit;
    }

    bytes::ByteQueue& output() { return output_; }

  private:
    std::span<std::uint8_t const> fed_; ///< borrowed
    bytes::ByteQueue kept_;             ///< older than what was fed
    bytes::ByteQueue output_;
    std::vector<std::uint8_t>* copy_ = nullptr; ///< borrowed
    std::size_t copy_limit_ = 0;
};

/// A BIO that reads from `io` and writes into its output. It borrows `io`. An empty input asks for a retry,
/// never the end of the stream: that is the connection's business. Throws std::bad_alloc.
BioPtr make_memory_bio(MemoryIo& io);

} // namespace alert40::tls::engine
