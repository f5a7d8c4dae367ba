// The main function of every test program: Catch2 2 brings it as a macro, Catch2 3 as a library.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
