#include "policy/parse/nesting.hpp"

#include "policy/limits.hpp"

namespace alert40::policy::parse {
namespace {

/// Walks over a TOML text, aware of its strings and comments and of nothing else.
class NestingScan {
  public:
    explicit NestingScan(std::string_view text)
        : text_(text) {}

    std::optional<Position> run() {
        while (at_ < text_.size()) {
            char const c = text_[at_];
            if (c == '"' || c == '\'') {
                skip_string(c);
                continue;
            }
            if (c == '#') {
                skip_to('\n');
                continue;
            }
            count(c);
            if (depth_ > limits::nesting || dots_ > limits::nesting)
                return Position{line_, at_ - line_start_ + 1};
            ++at_;
        }
        return std::nullopt;
    }

  private:
    void count(char c) {
        switch (c) {
        case '\n': new_line(); break;
        case '.': ++dots_; break;
        case '[':
        case '{': ++depth_; break;
        case ']':
        case '}': depth_ -= depth_ > 0 ? 1 : 0; break;
        default: break;
        }
    }

    void new_line() {
        ++line_;
        line_start_ = at_ + 1;
        dots_ = 0;
    }

    void skip_to(char end) {
        while (at_ < text_.size() && text_[at_] != end)
            ++at_;
    }

    // A string of either kind: "..." and """...""" know escapes, '...' and '''...''' do not.
    void skip_string(char quote) {
        bool const multi_line = text_.substr(at_, 3) == std::string_view(quote == '"' ? "\"\"\"" : "'''");
        std::size_t const wanted = multi_line ? 3 : 1;
        at_ += wanted;
        for (std::size_t quotes = 0; at_ < text_.size() && quotes < wanted; ++at_) {
            char const c = text_[at_];
            quotes = c == quote ? quotes + 1 : 0;
            if (c == '\n' && !multi_line) return;
            if (c == '\n') new_line();
            if (c == '\\' && quote == '"' && at_ + 1 < text_.size() && text_[at_ + 1] != '\n') ++at_;
        }
        // A multi-line string may end in one or two quotes of its own.
        for (int own = 0; multi_line && own < 2 && at_ < text_.size() && text_[at_] == quote; ++own)
            ++at_;
    }

    std::string_view text_;
    std::size_t at_ = 0, line_ = 1, line_start_ = 0;
    std::size_t depth_ = 0, dots_ = 0;
};

} // namespace

std::optional<Position> too_deep(std::string_view text) {
    return NestingScan(text).run();
}

} // namespace alert40::policy::parse
