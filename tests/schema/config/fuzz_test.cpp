// Whatever a file holds, it is read or refused with a reticle::Error; nothing else comes out.
#include <catch2/catch.hpp>
#include <random>

#include "samples.h"
#include "schema/config/catalog.h"

using namespace reticle;
using namespace reticle::config;
using namespace reticle::config::test;

namespace {

// Bits straight from the engine: distributions differ between libraries.
class Mutator {
 public:
  std::string mutate(std::string text) {
    for (std::size_t times = 1 + below(4); times > 0; --times) {
      step(text);
    }
    return text;
  }

 private:
  std::size_t below(std::size_t bound) { return engine_() % bound; }

  void step(std::string& text) {
    static const std::vector<std::string> pieces = {
        "{",       "}",       "[",        "]",     ":",     ": ",   "\n",   "- ",
        "'",       "\"",      "&a ",      "*a",    "!!x ",  "? ",   "| ",   ">",
        "%",       "---",     "...",      "\t",    "~",     "null", "# ",   "1e9",
        "-0",      "nan",     ",",        "<<:",   "base:", "\\",   "\xff", "\xef\xbb\xbf",
        "value: ", "grade: ", "source: ", "low: ", "5 GHz"};
    const std::size_t at = below(text.size() + 1);
    switch (below(5)) {
      case 0:
        text.erase(at, 1 + below(8));
        break;
      case 1:
        text.insert(at, pieces[below(pieces.size())]);
        break;
      case 2:
        text.insert(at, text.substr(below(text.size() + 1), below(40)));
        break;
      case 3:
        text.insert(at, 1, static_cast<char>(below(256)));
        break;
      default:
        text.resize(at + (text.size() - at) * below(4) / 3);
        break;
    }
  }

  std::mt19937 engine_{20250101};
};

struct Count {
  int read = 0;
  int refused = 0;
};

template <class Read>
void attempt(Read read, Count& count) {
  try {
    read();
    ++count.read;
  } catch (const Error&) {
    ++count.refused;
  }
}

}  // namespace

TEST_CASE("mutated files are read or refused") {
  const Folder folder;
  const Catalog catalog(folder.path());
  Catalog studies(folder.path());
  const std::string study = std::string(kStudy) + "chips:\n  plain: {clock: 1 GHz}\n";
  folder.write("chips/plain.yaml", kChip);
  Mutator mutator;
  Count count;
  for (int i = 0; i < 1500; ++i) {
    folder.write("chips/c.yaml", mutator.mutate(kChip));
    attempt([&] { catalog.chip("c"); }, count);
    folder.write("software/s.yaml", mutator.mutate(kSoftware));
    attempt([&] { catalog.software("s"); }, count);
    const auto file = folder.write("studies/s.yaml", mutator.mutate(study));
    attempt([&] { studies.open_study(file); }, count);
  }
  CHECK(count.read > 50);
  CHECK(count.refused > 2000);
}
