#include "record/printable.hpp"
#include "support/catch.hpp"

using namespace alert40::record;

TEST_CASE("text that is UTF-8 stays as it is") {
    auto const text =
        GENERATE(as<std::string>{}, "", "api.example.com", "bücher.example", "日本", "\U0001f600");
    CHECK(valid_utf8(text) == text);
    CHECK(printable(text) == text);
}

TEST_CASE("bytes that are not UTF-8 are named") {
    CHECK(valid_utf8("a\xff"
                     "b") == "a\\xffb");
    CHECK(valid_utf8("\xc0\xaf") == "\\xc0\\xaf");          // overlong
    CHECK(valid_utf8("\xed\xa0\x80") == "\\xed\\xa0\\x80"); // a surrogate
    CHECK(valid_utf8("\xf4\x90\x80\x80") == "\\xf4\\x90\\x80\\x80");
    CHECK(valid_utf8("\xe6\x97") == "\\xe6\\x97"); // cut
}

TEST_CASE("JSON escapes controls by itself, a terminal does not") {
    CHECK(valid_utf8("\x1b[2J\xff") == "\x1b[2J\\xff");
    CHECK(printable("\x1b[2J\r\n\x7f") == "\\u{1b}[2J\\u{0d}\\u{0a}\\u{7f}");
    CHECK(printable("\xc2\x9b"
                    "31m") == "\\u{9b}31m"); // C1 CSI
    CHECK(printable("\u202egnp.exe") == "\\u{202e}gnp.exe");
}

TEST_CASE("long text is cut with an ellipsis, never within a character") {
    CHECK(printable("abcdef", 6) == "abcdef");
    CHECK(printable("abcdefg", 6) == "abcde...");
    CHECK(printable("日本語日本語", 3) == "日本...");
}
