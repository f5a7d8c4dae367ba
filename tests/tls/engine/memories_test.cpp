#include "support/catch.hpp"
#include "tls/engine/chain_memory.hpp"
#include "tls/engine/digest.hpp"
#include "tls/engine/split_hello.hpp"

using namespace alert40::tls::engine;

namespace {

ChainId chain(std::size_t number) {
    ChainId id{};
    id[0] = static_cast<std::uint8_t>(number);
    id[1] = static_cast<std::uint8_t>(number >> 8);
    return id;
}

} // namespace

TEST_CASE("digests are the known ones") {
    CHECK(md5_hex("abc") == "900150983cd24fb0d6963f7d28e17f72");
    CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("a verified chain is known for its names, for five minutes, until its first certificate ends") {
    ChainMemory memory;
    memory.remember_verified(chain(1), "a.test", 1000, 100'000);
    CHECK(memory.is_verified(chain(1), "a.test", 1000));
    CHECK(memory.is_verified(chain(1), "a.test", 1299));
    CHECK_FALSE(memory.is_verified(chain(1), "a.test", 1300));
    CHECK_FALSE(memory.is_verified(chain(1), "a.test", 999)); // the clock went back
    CHECK_FALSE(memory.is_verified(chain(1), "b.test", 1000));
    CHECK_FALSE(memory.is_verified(chain(2), "a.test", 1000));

    memory.remember_verified(chain(2), "a.test", 1000, 1010);
    CHECK(memory.is_verified(chain(2), "a.test", 1009));
    CHECK_FALSE(memory.is_verified(chain(2), "a.test", 1010));
}

TEST_CASE("the memory of chains is bounded") {
    ChainMemory memory;
    for (std::size_t i = 0; i < 3 * ChainMemory::max_chains; ++i) {
        memory.remember_verified(chain(i), "a.test", 1000, 2000);
        REQUIRE(memory.size() <= ChainMemory::max_chains);
        REQUIRE(memory.is_verified(chain(i), "a.test", 1000));
    }
    for (std::size_t i = 0; i < 2 * ChainMemory::max_names; ++i)
        memory.remember_verified(chain(0), std::to_string(i), 1000, 2000);
    CHECK_FALSE(memory.is_verified(chain(0), "0", 1000));
    CHECK(memory.is_verified(chain(0), std::to_string(2 * ChainMemory::max_names - 1), 1000));
}

TEST_CASE("a flight is cut within its first record") {
    std::vector<std::uint8_t> const flight{22, 3, 1, 0, 4, 'a', 'b', 'c', 'd', 20, 3, 3, 0, 1, 1};
    CHECK(split_first_record(flight, 1) ==
          std::vector<std::uint8_t>{22, 3, 1, 0, 1, 'a', 22, 3, 1, 0, 3, 'b', 'c', 'd', 20, 3, 3, 0, 1, 1});
    CHECK(split_first_record(flight, 0) == flight);
    CHECK(split_first_record(flight, 4) == flight);
    CHECK(split_first_record({}, 1).empty());
}
