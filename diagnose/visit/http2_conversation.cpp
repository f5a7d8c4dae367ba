#include "diagnose/visit/conversation.hpp"
#include "diagnose/visit/user_agent.hpp"
#include "net/http2_get/get_session.hpp"
#include "policy/http_code.hpp"

#include <array>
#include <charconv>
#include <new>

namespace alert40::diagnose {
namespace {

using net::GetSession;

std::string code_text(std::uint32_t code) {
    auto const name = policy::http2_error_name(code);
    return name.empty() ? std::to_string(code) : std::string(name);
}

class Http2Conversation final : public Conversation, GetSession::Listener {
  public:
    Http2Conversation(std::string_view authority, std::string_view target)
        : authority_(authority)
        , target_(target) {
        visited_.protocol = "h2";
    }

    void begin(bytes::ByteQueue& out) override {
        constexpr std::array fields{GetSession::Field{"user-agent", user_agent},
                                    GetSession::Field{"accept", "*/*"}};
        session_.begin(out);
        if (!session_.get(authority_, target_, fields, out)) throw std::bad_alloc{};
    }

    bool take(std::span<std::uint8_t const> bytes, bytes::ByteQueue& out) override {
        bool const gave_up = !session_.receive(bytes, out);
        if (gave_up && !over_ && !visited_.failure)
            fail(tls::FailureKind::h2, greeted_ ? goaway_.value_or("the peer breaks HTTP/2")
                                                : "the answer is not HTTP/2: no SETTINGS came first");
        return !over_ && !visited_.failure && visited_.body_bytes < most_body;
    }

    void end() override {
        if (over_ || visited_.failure) return;
        if (goaway_ && visited_.status == 0)
            fail(tls::FailureKind::h2, *goaway_);
        else
            fail(tls::FailureKind::eof, visited_.status == 0
                                            ? greeted_ ? "the connection ended before a response came"
                                                       : "the connection ended on the preface"
                                            : "the body ended too early");
    }

  private:
    void on_field(std::int32_t, std::string_view name, std::string_view value) override {
        if (name == "date") visited_.date = value;
        if (name != ":status") return;
        int status = 0;
        std::from_chars(value.begin(), value.end(), status);
        if (status >= 200) visited_.status = status;
    }

    void on_data(std::int32_t, std::span<std::uint8_t const> bytes) override {
        visited_.body_bytes += bytes.size();
        ++visited_.body_pieces;
    }

    void on_goaway(std::uint32_t code) override {
        goaway_ = "GOAWAY with " + code_text(code);
        if (visited_.status == 0 && code != 0) fail(tls::FailureKind::h2, *goaway_);
    }

    void on_settings(std::optional<std::uint32_t> initial_window) override {
        greeted_ = true;
        if (initial_window) visited_.initial_window = initial_window;
    }

    void on_settings_acknowledged() override { visited_.settings_acknowledged = true; }

    void on_close(std::int32_t, std::uint32_t code) override {
        over_ = true;
        if (code != 0)
            fail(tls::FailureKind::h2, goaway_ ? *goaway_ : "RST_STREAM with " + code_text(code));
        else if (visited_.status == 0)
            fail(tls::FailureKind::h2, "the stream ended without a response");
        else
            visited_.complete = true;
    }

    std::string authority_, target_;
    std::optional<std::string> goaway_;
    bool greeted_ = false;      ///< the peer's SETTINGS came
    bool over_ = false;         ///< the stream is closed
    GetSession session_{*this}; ///< destroyed first: what it tells goes to the others
};

} // namespace

std::unique_ptr<Conversation> make_http2_conversation(std::string_view authority, std::string_view target) {
    return std::make_unique<Http2Conversation>(authority, target);
}

} // namespace alert40::diagnose
