#include "tests/gui/model/sample_traces.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    return 2;
  }
  reticle::gui::test::write_two_streams(argv[1]);
  return 0;
}
