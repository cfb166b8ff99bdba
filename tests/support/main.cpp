#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>
#include <systemc>

// Debian's SystemC library holds a main that calls sc_main; ours comes first.
int sc_main(int, char**) { return 0; }

int main(int argc, char* argv[]) { return Catch::Session().run(argc, argv); }
