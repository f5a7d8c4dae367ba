#include "app/shell/syntax.hpp"

#include "app/shell/command.hpp"
#include "support/catch.hpp"

using namespace alert40::app::shell;

TEST_CASE("a value stands for itself, whatever is in it") {
    CHECK(quoted(Kind::posix, "/a/b-c_d.pem") == "/a/b-c_d.pem");
    CHECK(quoted(Kind::posix, "") == "''");
    CHECK(quoted(Kind::posix, "a b") == "'a b'");
    CHECK(quoted(Kind::posix, "it's $HOME `x`") == "'it'\\''s $HOME `x`'");
    CHECK(quoted(Kind::fish, "it's a \\ b") == "'it\\'s a \\\\ b'");
    CHECK(quoted(Kind::powershell, "plain") == "'plain'");
    CHECK(quoted(Kind::powershell, "it's $x") == "'it''s $x'");
}

TEST_CASE("a real shell reads back what was quoted") {
    auto const value =
        GENERATE(std::string("a'b\"c"), std::string("$(id)"), std::string("*"), std::string("~"),
                 std::string("a\nb"), std::string("\\"), std::string("!x"), std::string("-n"));
    auto const script = set_line(Kind::posix, "V", value) + "printf %s \"$V\"";
    CHECK(run({{"sh", "-c", script}}).output == value);
}

TEST_CASE("each shell has its own words for a variable") {
    CHECK(set_line(Kind::posix, "A", "b c") == "export A='b c'\n");
    CHECK(set_line(Kind::fish, "A", "b c") == "set -gx A 'b c'\n");
    CHECK(set_line(Kind::powershell, "A", "b c") == "$env:A = 'b c'\n");
    CHECK(unset_line(Kind::posix, "A") == "unset A\n");
    CHECK(unset_line(Kind::fish, "A") == "set -e A\n");
    CHECK(unset_line(Kind::powershell, "A") == "Remove-Item Env:A -ErrorAction SilentlyContinue\n");
}

TEST_CASE("a comment stays one, line by line") {
    CHECK(comment("one\ntwo") == "# one\n# two\n");
}

TEST_CASE("shells by their names") {
    CHECK(kind_named("zsh") == Kind::posix);
    CHECK(kind_named("pwsh") == Kind::powershell);
    CHECK_FALSE(kind_named("tcsh"));
}
