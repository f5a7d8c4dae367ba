#pragma once

#include "proxy/exchange/exchange.hpp"

#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace alert40::test {

using Pairs = std::vector<std::pair<std::string, std::string>>;

inline Pairs copied(proxy::Fields const& fields) {
    Pairs pairs;
    for (auto const& field : fields)
        pairs.emplace_back(field.name, field.value);
    return pairs;
}

/// One request as it arrives at the origin's side of an Exchange, and what a test answers.
struct FakeResponder final : proxy::Responder {
    explicit FakeResponder(proxy::Exchange& asked)
        : exchange(&asked) {}

    void request(proxy::RequestHead& head, bool ends) override {
        method = head.method;
        scheme = head.scheme;
        authority = head.authority;
        path = head.path;
        protocol = head.protocol;
        fields = copied(head.fields);
        length = head.body;
        trailers_accepted = head.trailers_accepted;
        ended = ends;
    }

    std::span<std::uint8_t> body_space(std::size_t at_least) override {
        if (space.size() < at_least) space.resize(at_least);
        return space;
    }

    void body_written(std::size_t n) override { body.append(reinterpret_cast<char const*>(space.data()), n); }

    void end(proxy::Fields const& last) override {
        ended = true;
        trailers = copied(last);
    }

    void cancel() override {
        cancelled = true;
        exchange = nullptr;
    }

    bool congested() const override { return full; }

    void more_response_body() override { ++drained; }

    // the test's part
    void interim(std::uint16_t status, Pairs const& with) { exchange->informational(head(status, with)); }

    void respond(std::uint16_t status, Pairs const& with = {}, bool ends = false) {
        auto& made = head(status, with);
        if (ends) made.body = proxy::BodyLength::none();
        exchange->response(made, ends);
        if (ends) exchange = nullptr;
    }

    void send(std::string_view piece) {
        exchange->response_body({reinterpret_cast<std::uint8_t const*>(piece.data()), piece.size()});
    }

    void finish(Pairs const& with = {}) {
        proxy::Fields last;
        for (auto const& [name, value] : with)
            last.push_back({name, value, proxy::classify(name)});
        std::exchange(exchange, nullptr)->response_end(last);
    }

    proxy::ResponseHead& head(std::uint16_t status, Pairs const& with) {
        made_.clear();
        made_.status = status;
        made_.body = proxy::BodyLength::unknown();
        for (auto const& [name, value] : with)
            made_.add(name, value);
        return made_;
    }

    std::string field(std::string_view name) const {
        for (auto const& [key, value] : fields)
            if (key == name) return value;
        return {};
    }

    proxy::Exchange* exchange;
    std::string method, scheme, authority, path, protocol, body;
    Pairs fields, trailers;
    proxy::BodyLength length;
    bool trailers_accepted = false;
    bool ended = false;
    bool cancelled = false;
    bool full = false;
    int drained = 0;
    std::vector<std::uint8_t> space;

  private:
    proxy::ResponseHead made_;
};

/// Assigns every request to a responder of its own, at once.
struct FakeOrigin final : proxy::Dispatcher {
    void dispatch(proxy::Exchange& exchange) override {
        requests.push_back(std::make_unique<FakeResponder>(exchange));
        requests.back()->full = full;
        exchange.assign(*requests.back());
    }

    void failed(proxy::Exchange& exchange, tls::Failure const&, bool) override {
        exchange.answer(proxy::LocalResponse{});
    }

    void withdraw(proxy::Exchange&) override {}

    FakeResponder& operator[](std::size_t n) { return *requests.at(n); }

    std::size_t count() const { return requests.size(); }

    std::vector<std::unique_ptr<FakeResponder>> requests;
    bool full = false; ///< the responders to come are congested from the start
};

} // namespace alert40::test
