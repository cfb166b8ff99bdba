#include <systemc>

#include "bench/benches.h"
#include "bench/ratios.h"

// Debian's SystemC library holds a main that calls sc_main; ours comes first.
int sc_main(int, char**) { return 0; }

int main(int argc, char* argv[]) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) {
    return 2;
  }
  reticle::bench::register_engine();
  reticle::bench::register_kernels();
  reticle::bench::RatioReporter reporter("sc_event");
  benchmark::RunSpecifiedBenchmarks(&reporter);
}
