#pragma once

#include "diagnose/hello/plain_hello.hpp"
#include "diagnose/probe/answer.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace alert40::diagnose {

/// Questions of which each follows from the answer to the one before. Lanes do not depend on each other: they
/// can be asked side by side.
class Lane {
  public:
    virtual ~Lane() = default;
    /// What to ask next; null: it is over. Valid until `take`.
    virtual PlainHello const* next() const = 0;
    virtual void take(Answer const& answer) = 0;

    /// The server answered the same question in two ways.
    virtual bool wavered() const { return false; }
};

/// Whether the server answered in a version that was offered.
inline bool answers(PlainHello const& hello, Answer const& answer) {
    return answer.works() &&
           std::ranges::find(hello.versions, answer.choice->version) != hello.versions.end();
}

/// One question.
class Single final : public Lane {
  public:
    explicit Single(PlainHello hello)
        : hello_(std::move(hello)) {}

    PlainHello const* next() const override { return answer_ ? nullptr : &hello_; }

    void take(Answer const& answer) override { answer_ = answer; }

    /// Absent: not asked.
    std::optional<Answer> const& answer() const { return answer_; }

    /// Absent: not asked, or the server did not go along.
    std::optional<Answer> answered() const {
        return answer_ && answers(hello_, *answer_) ? answer_ : std::nullopt;
    }

  private:
    PlainHello hello_;
    std::optional<Answer> answer_;
};

/// What a server takes of a list: what it chose is left out of the next question, until it chooses nothing.
///
///     {a, b, c} -> b    {a, c} -> c    {a} -> handshake_failure    accepted: b, c
///
/// With `puts_back`, what was chosen last is offered again, behind the rest, where the server refuses what is
/// left: it may not want that one for this, but need it for something else.
///
/// An end behind something that was taken, or without an alert, may have been chance, and is asked about once
/// more. It ends after twice as many questions as the list is long and few more, with any server: a choice
/// that was not offered ends it.
template <class Value>
class Elimination final : public Lane {
  public:
    using List = std::vector<Value> PlainHello::*;
    using Chosen = std::optional<Value> (*)(Answer const&);

    Elimination(PlainHello hello, List list, Chosen chosen, bool puts_back = false)
        : hello_(std::move(hello))
        , list_(list)
        , chosen_(chosen)
        , may_put_back_(puts_back)
        , over_((hello_.*list_).empty()) {}

    PlainHello const* next() const override { return over_ ? nullptr : &hello_; }

    void take(Answer const& answer) override {
        auto const chosen = answers(hello_, answer) ? chosen_(answer) : std::nullopt;
        if (chosen && chosen != put_back_ && std::erase(hello_.*list_, *chosen) > 0) {
            accepted_.push_back(*chosen);
            wavered_ |= again_;
            again_ = false;
            over_ = (hello_.*list_).empty();
        } else if (!chosen && !again_ && (ends_by_chance(answer) || !accepted_.empty())) {
            again_ = true;
        } else if (may_put_back_ && !chosen && !accepted_.empty()) {
            put_back_ = accepted_.back();
            (hello_.*list_).push_back(*put_back_);
            may_put_back_ = again_ = false;
        } else {
            over_ = true;
            last_ = answer;
        }
    }

    /// It took what it had refused a moment before.
    bool wavered() const override { return wavered_; }

    /// In the order in which the server chose them.
    std::vector<Value> const& accepted() const { return accepted_; }

    /// What ended it; nothing while it goes on, and where everything was accepted.
    std::optional<Answer> const& last() const { return last_; }

  private:
    static bool ends_by_chance(Answer const& answer) {
        using tls::FailureKind;
        return answer.failure &&
               (answer.failure->kind == FailureKind::reset || answer.failure->kind == FailureKind::eof);
    }

    PlainHello hello_;
    List list_;
    Chosen chosen_;
    std::vector<Value> accepted_;
    std::optional<Value> put_back_;
    std::optional<Answer> last_;
    bool may_put_back_, over_, again_ = false, wavered_ = false;
};

} // namespace alert40::diagnose
