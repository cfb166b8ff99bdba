#include <catch2/catch.hpp>
#include <random>

#include "schema/errors.h"
#include "tests/workloads/traces/support.h"
#include "workloads/traces/chakra.h"
#include "workloads/traces/kineto_reader.h"
#include "workloads/traces/launch_graph.h"
#include "workloads/traces/perfetto_reader.h"
#include "workloads/traces/rank_graphs.h"

namespace reticle::traces {
namespace {

// The seeds of tests/fuzz (scripts/fuzz runs them for as long as you like), and a few hundred
// mutations of each: a reader ends with a result or with an error of the user's kind.
std::string mutated(std::string bytes, std::mt19937& random) {
  for (int change = 0; change < 3 && bytes.size() > 1; ++change) {
    const std::size_t at = random() % bytes.size();
    switch (random() % 5) {
      case 0:
        bytes[at] = static_cast<char>(random());
        break;
      case 1:
        bytes.erase(at, 1 + random() % 20);
        break;
      case 2:
        bytes.insert(at, bytes.substr(random() % bytes.size(), 1 + random() % 60));
        break;
      case 3:
        bytes[at] = "{}[]\",:0123456789.-eE"[random() % 21];
        break;
      default:
        bytes.resize(at + 1);
    }
  }
  return bytes;
}

template <class Read>
void replay_corpus(const char* target, const Read& read) {
  constexpr int kMutations = 200;
  const test::Folder folder;
  std::mt19937 random(1);
  std::size_t done = 0;
  std::size_t seeds = 0;
  const auto corpus = std::filesystem::path(RETICLE_SOURCE_DIR) / "tests/fuzz/corpus" / target;
  for (const auto& seed : std::filesystem::directory_iterator(corpus)) {
    ++seeds;
    const std::string bytes = test::bytes_of(seed.path());
    for (int i = 0; i <= kMutations; ++i) {
      const auto path = folder.write("x", i == 0 ? bytes : mutated(bytes, random));
      try {
        read(path);
      } catch (const Error& error) {
        CHECK(error.exit_status() == 4);
      }
      ++done;
    }
  }
  CHECK(seeds >= 3);
  CHECK(done == seeds * (kMutations + 1));
}

}  // namespace

TEST_CASE("the fuzz corpus of Chrome JSON") {
  replay_corpus("kineto", [](const auto& path) { launch_graph(read_kineto(path)); });
}

TEST_CASE("the fuzz corpus of Perfetto traces") {
  replay_corpus("perfetto", [](const auto& path) { launch_graph(read_perfetto(path)); });
}

TEST_CASE("the fuzz corpus of Chakra traces") {
  replay_corpus("chakra", [](const auto& path) { rank_graphs({read_chakra(path)}, {1e12, 1e12}); });
}

}  // namespace reticle::traces
