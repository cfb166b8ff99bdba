#pragma once

namespace reticle::bench {

// Each makes its modules and registers its benchmarks. SystemC elaborates once a process, so all of
// them are made before the first benchmark runs.
void register_engine();
void register_kernels();

}  // namespace reticle::bench
