#pragma once

#include "proxy/http1/head_facts.hpp"
#include "proxy/message/limits.hpp"

#include <boost/beast/http/basic_parser.hpp>

#include <string_view>

namespace alert40::proxy::http1 {

inline std::string_view view(boost::beast::string_view text) {
    return {text.data(), text.size()};
}

/// Beast's parser, used for the syntax of one complete head that HeadScanner has passed (so there is no
/// obs-fold, and every view points into the text). What the head means, and what of it is refused, is decided
/// by its user. For .cpp files only.
template <bool is_request>
class Tokenizer final : public boost::beast::http::basic_parser<is_request> {
    using base = boost::beast::http::basic_parser<is_request>;
    using error_code = boost::beast::error_code;
    using text = boost::beast::string_view;

  public:
    Tokenizer(Fields& fields, HeadFacts& facts)
        : fields_(fields)
        , facts_(facts) {
        base::header_limit(limits::head_bytes + 1024);
        base::skip(true); // bodies are BodyReader's
        fields_.reserve(16);
    }

    /// False: it is not a head; then `error` says why.
    bool read(std::string_view head) {
        auto const n = base::put({head.data(), head.size()}, error);
        return !error && n == head.size() && base::is_header_done();
    }

    /// The same for field lines alone, with their empty line.
    bool read_trailers(std::string_view lines) {
        static constexpr std::string_view before = "GET / HTTP/1.1\r\n";
        static_assert(is_request);
        base::put({before.data(), before.size()}, error);
        return error == boost::beast::http::error::need_more && read(lines);
    }

    error_code error;
    std::string_view method;
    std::string_view target;
    std::string_view reason;
    int status = 0;
    int version = 0;
    bool too_many = false; ///< fields

  private:
    void on_request_impl(boost::beast::http::verb, text method_text, text target_text, int version_number,
                         error_code&) override {
        method = view(method_text);
        target = view(target_text);
        version = version_number;
    }

    void on_response_impl(int code, text reason_text, int version_number, error_code&) override {
        status = code;
        reason = view(reason_text);
        version = version_number;
    }

    void on_field_impl(boost::beast::http::field, text name, text value, error_code& ec) override {
        Field const field{view(name), view(value), classify(view(name))};
        if (++count_ > limits::fields) {
            too_many = true;
            ec = boost::beast::http::error::header_limit;
        } else if (facts_.note(field)) {
            fields_.push_back(field);
        }
    }

    void on_header_impl(error_code&) override {}

    void on_body_init_impl(boost::optional<std::uint64_t> const&, error_code&) override {}

    std::size_t on_body_impl(text, error_code&) override { return 0; }

    void on_chunk_header_impl(std::uint64_t, text, error_code&) override {}

    std::size_t on_chunk_body_impl(std::uint64_t, text, error_code&) override { return 0; }

    void on_finish_impl(error_code&) override {}

    Fields& fields_;
    HeadFacts& facts_;
    std::size_t count_ = 0;
};

} // namespace alert40::proxy::http1
