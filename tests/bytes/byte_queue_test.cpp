#include "bytes/byte_queue.hpp"
#include "support/catch.hpp"

#include <random>
#include <string>

using alert40::bytes::ByteQueue;

namespace {

std::string text(ByteQueue const& queue) {
    return {reinterpret_cast<char const*>(queue.data().data()), queue.size()};
}

} // namespace

TEST_CASE("bytes come out in the order in which they went in, over any mixture of calls") {
    std::mt19937 random(40);
    ByteQueue queue;
    std::string expected;
    for (int step = 0; step < 3'000; ++step) {
        auto const n = random() % 700;
        switch (random() % 3) {
        case 0: {
            std::string const piece(n, static_cast<char>('a' + step % 26));
            queue.append(piece);
            expected += piece;
            break;
        }
        case 1: {
            auto const space = queue.prepare(n + 1);
            REQUIRE(space.size() >= n + 1);
            std::fill_n(space.begin(), n, static_cast<std::uint8_t>('A' + step % 26));
            queue.commit(n);
            expected.append(n, static_cast<char>('A' + step % 26));
            break;
        }
        default: {
            auto const drop = std::min<std::size_t>(n, expected.size());
            queue.consume(drop);
            expected.erase(0, drop);
        }
        }
        REQUIRE(text(queue) == expected);
    }
}

TEST_CASE("an empty queue owns no memory") {
    ByteQueue queue;
    queue.append("x");
    queue.consume(1);
    CHECK(queue.data().data() == nullptr);
    static_cast<void>(queue.prepare(100));
    queue.commit(0);
    CHECK(queue.data().data() == nullptr);
}

TEST_CASE("a moved queue takes its bytes along") {
    ByteQueue from;
    from.append("hello");
    ByteQueue to = std::move(from);
    CHECK(text(to) == "hello");
    from = std::move(to);
    CHECK(text(from) == "hello");
}
