#include "app/pointing/proxy_address.hpp"

#include "support/catch.hpp"

using namespace alert40::app::pointing;

TEST_CASE("a listener as apps reach it") {
    CHECK(parse_listener("127.0.0.1:4040") == ProxyAddress{"127.0.0.1", 4040, ""});
    CHECK(parse_listener("[::1]:4040") == ProxyAddress{"::1", 4040, ""});
    CHECK(parse_listener("0.0.0.0:4040") == ProxyAddress{"127.0.0.1", 4040, ""});
    CHECK(parse_listener("[::]:4040") == ProxyAddress{"::1", 4040, ""});
}

TEST_CASE("a proxy's URL") {
    CHECK(parse_proxy_url("http://127.0.0.1:4040/") == ProxyAddress{"127.0.0.1", 4040, ""});
    CHECK(parse_proxy_url("proxy.test:3128") == ProxyAddress{"proxy.test", 3128, ""});
    CHECK(parse_proxy_url("http://me:a%40b@[::1]:1") == ProxyAddress{"::1", 1, "me:a@b"});
}

TEST_CASE("and the way back") {
    auto const address = GENERATE(ProxyAddress{"127.0.0.1", 4040, ""}, ProxyAddress{"::1", 1, "me:a@b/c d"});
    CHECK(parse_proxy_url(address.url()) == address);
    CHECK(ProxyAddress{"::1", 1, "me:a@b"}.url() == "http://me:a%40b@[::1]:1");
    CHECK(ProxyAddress{"::1", 1, "me:a@b"}.place() == "[::1]:1");
}

TEST_CASE("what is none") {
    auto const text =
        GENERATE("", "127.0.0.1", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:70000", "::1:4040", ":4040",
                 "a b:1", "127.0.0.1:1x", "http://a;id:1", "socks5://a:1", "http://x%4@a:1");
    CHECK_FALSE(parse_proxy_url(text));
}
