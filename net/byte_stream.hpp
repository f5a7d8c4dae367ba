#pragma once

#include "bytes/byte_queue.hpp"
#include "net/dial.hpp"
#include "net/loop/event_loop.hpp"
#include "tls/engine/connection.hpp"
#include "tls/failure.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

namespace alert40::net {

/// One established connection of the data path, seen as plaintext in both directions; TLS or not makes no
/// difference to its owner. The owner pulls: it reads when told that there is something, as much as it can
/// take. What it leaves is kept by the kernel, so not reading is how a slow side slows the other one.
///
/// Writing is appending to `output()` and `flush_soon()`: everything appended in one turn of the loop goes
/// out in one send. One thread; destroyed through EventLoop::destroy_later by its owner, or inside it.
class ByteStream final : Watched, Flushable {
  public:
    class Owner {
      public:
        /// Bytes, or the end, may be read. Called again, at the latest in the next turn, for what was left.
        virtual void on_readable() = 0;
        /// All of the output has left for the kernel after it had not fitted at once.
        virtual void on_drained() = 0;
        /// The connection is unusable: reset, or a failure while writing. Called once; then only destruction
        /// is sensible.
        virtual void on_broken(tls::Failure const& failure) = 0;

        /// The end of the turn comes, and what the owner still wants to say in it has to be in `output()`
        /// now.
        virtual void on_flush() {}

      protected:
        ~Owner() = default;
    };

    /// `side` is who the peer is, for failures.
    ByteStream(EventLoop& loop, Socket socket, std::unique_ptr<tls::engine::Connection> tls, tls::By side);
    ~ByteStream() override;
    ByteStream(ByteStream const&) = delete;
    ByteStream& operator=(ByteStream const&) = delete;

    /// Its socket leads through this: it lives as long, and says how it ended.
    void lead_through(std::unique_ptr<RoughPath> path) { path_ = std::move(path); }

    /// Starts watching, with the owner that is told from now on. May be called again to hand over.
    void start(Owner& owner);

    /// Reads plaintext into `into`. ok with 0 bytes never happens; `closed` is an orderly end.
    tls::engine::Transfer read(std::span<std::uint8_t> into);

    /// The next `read` returns these first: what a protocol detector or an upgrade had read too far.
    void push_back(std::span<std::uint8_t const> bytes);

    /// After `read` said `failed`.
    tls::Failure const& failure() const { return *failure_; }

    /// Plaintext that waits to be sent. Append, then `flush_soon`.
    bytes::ByteQueue& output() { return output_; }

    /// Everything that waits: plaintext here and ciphertext that the kernel has not taken.
    std::size_t unsent() const;

    void flush_soon() { loop_.flush_soon(*this); }

    /// While paused, `on_readable` is not called. Ending a pause first offers what is already buffered.
    void pause_reading(bool paused);
    /// Sends what waits, then the end of the stream (close_notify, FIN). Reading goes on.
    void close_after_output();

    /// FIN alone, when it comes to that: as of a server that died.
    void leave_out_close_notify() { close_notify_ = false; }

    /// Whether a rough path had its part in `failure`, which is of this connection.
    void explain(tls::Failure& failure) const;

    /// An alert behind which nothing is said any more, within TLS and right after the handshake; false where
    /// it cannot be made (see Connection). The end of the stream can still be sent.
    bool send_last_alert(tls::AlertLevel level, tls::AlertDescription description);

    bool closing() const { return close_when_sent_; }

    /// The peer gets RST instead of FIN when this is destroyed: it must not take what it has for all.
    void reset_at_end() { socket_.reset_at_end(); }

    /// Gives the socket away, once what waits in `output()` was offered to the kernel; only without TLS.
    /// Appends to `read_too_far` what was pushed back and not read since. Then only destruction is sensible,
    /// and the owner hears nothing more.
    Socket release(bytes::ByteQueue& read_too_far);

    EventLoop& loop() { return loop_; }

    /// The chosen protocol; empty without TLS or ALPN.
    std::string_view alpn() const { return tls_ ? tls_->alpn() : std::string_view{}; }

    bool is_tls() const { return tls_ != nullptr; }

    int fd() const { return socket_.fd(); }

  private:
    void on_ready(bool readable, bool writable, bool hung_up) override;
    void flush() override;
    tls::engine::Transfer receive(std::span<std::uint8_t> into);
    tls::engine::Transfer decrypt(std::span<std::uint8_t> into);
    bool has_buffered_input() const;
    void offer_input();
    void offer_buffered_input();
    void encrypt_output();
    void send();
    void write_failed(int error);
    void end_if_sent();
    void send_last_words();
    void break_off(tls::Failure failure);
    void update_interest();

    EventLoop& loop_;
    Owner* owner_ = nullptr;
    std::unique_ptr<tls::engine::Connection> tls_;
    std::unique_ptr<tls::Failure> failure_;
    bytes::ByteQueue output_;
    bytes::ByteQueue pushed_back_;
    std::unique_ptr<RoughPath> path_; ///< outlives the socket: what is said last passes through it
    Socket socket_;
    int write_error_ = 0;
    tls::By side_;
    bool paused_ = false;
    bool was_read_ = false;       ///< the owner took something of what it was offered
    bool drained_ = false;        ///< the kernel had no more: do not ask again before it says so
    bool offer_buffered_ = false; ///< a pause ended while decrypted or pushed back bytes were waiting
    bool blocked_ = false;        ///< the kernel's send buffer is full: waiting for writability
    bool close_when_sent_ = false;
    bool close_notify_ = true; ///< goes before FIN
    bool end_sent_ = false;
    bool end_received_ = false;
    bool watched_ = false;
    bool watches_read_ = false;
    bool watches_write_ = false;
};

} // namespace alert40::net
