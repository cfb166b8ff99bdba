#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>
#include <systemc>

// Debian's SystemC library holds a main that calls sc_main; ours comes first.
int sc_main(int, char**) { return 0; }

// A name that matches no case fails: ctest cuts names at a semicolon, and would call that passed.
int main(int argc, char* argv[]) {
  Catch::Session session;
  session.configData().warnings = Catch::WarnAbout::NoTests;
  return session.run(argc, argv);
}
