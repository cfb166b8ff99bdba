#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "schema/kernel.pb.h"
#include "schema/operator.pb.h"

namespace reticle::compute {

// Flags are counters that only grow. The first ones are private to a core; from kSharedFlags on
// they are seen by every core, later by the machine's signal latency.
using Flag = std::uint32_t;
constexpr Flag kSharedFlags = 1U << 16;
constexpr Flag kNoFlag = ~Flag{0};

struct Wait {
  Flag flag = kNoFlag;
  std::uint32_t count = 0;  // proceed when the flag has been raised this often
};

// Occupation of a unit that is accounted to a resource.
struct Use {
  Resource resource = RESOURCE_UNSPECIFIED;
  std::uint32_t cycles = 0;
};

// One tile-sized step of one queue: wait, occupy, raise flags. DMA steps move `bytes` of tile
// `key`, in no less than `cycles`; the others take `cycles`.
struct Instruction {
  std::array<Wait, 3> waits;
  std::array<Flag, 2> raises = {kNoFlag, kNoFlag};
  std::uint32_t cycles = 0;
  std::uint32_t bytes = 0;
  std::uint64_t key = 0;
  std::array<Use, 2> uses;        // what bounds it; cycles <= `cycles`
  std::uint32_t operations = 0;   // for energy: matrix or vector operations
  std::uint32_t local_bytes = 0;  // for energy: bytes to and from local memory
};

// What one core does: a list per queue, each in order; queues meet only through flags.
struct CoreProgram {
  std::uint32_t core = 0;
  std::vector<std::vector<Instruction>> queues;
};

// A kernel's work, laid out on cores.
struct TileProgram {
  std::vector<CoreProgram> cores;
  Dtype matrix_dtype = DTYPE_BFLOAT16;
  double operations = 0;             // algorithmic
  std::uint32_t shared_flags = 0;    // how many it uses
  std::vector<std::string> tensors;  // name of each tensor number in tile keys
  std::vector<double> tensor_bytes;  // size of each
  double waves = 0;     // of the whole kernel: tiles a core, where it is cut into tiles
  std::string variant;  // the tiling, for people

  // Of a sketch, the program of one core (with those that help it) which others are like:
  double parts = 1;             // the whole work over what is laid out
  double sharers = 1;           // cores that are at work at once
  std::int64_t tiles = 0;       // of the core, of a kernel cut into tiles
  std::int64_t last_tiles = 1;  // of them, that are worked on together at the end
  std::vector<std::vector<std::size_t>> before_last;  // the queues' lengths without these, by core
  // How often HBM delivers each byte of a tensor, where not once: by tensor number.
  std::vector<double> fetches;
};

}  // namespace reticle::compute
