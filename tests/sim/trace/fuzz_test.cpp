#include <catch2/catch.hpp>
#include <random>

#include "schema/errors.h"
#include "sim/trace/reader.h"
#include "tests/sim/trace/frames.h"
#include "tests/sim/trace/sample_trace.h"

namespace reticle::trace::test {
namespace {

enum class Outcome { kRead, kRefused };

// Anything but InputError leaves, and fails the test.
Outcome read_all(const std::filesystem::path& path) {
  try {
    Reader reader(path);
    reader.each_slices([](const SliceBlock&) {});
    reader.each_samples([](const SampleBlock&) {});
    reader.each_flows([](const std::vector<Flow>&) {});
    return Outcome::kRead;
  } catch (const InputError&) {
    return Outcome::kRefused;
  }
}

void mutate(std::string& bytes, std::mt19937& random) {
  const std::size_t at = bytes.empty() ? 0 : random() % bytes.size();
  const auto byte = static_cast<char>(random());
  switch (random() % 4) {
    case 0:
      bytes.insert(at, 1, byte);
      break;
    case 1:
      bytes.erase(at, 1 + random() % 8);
      break;
    case 2:
      bytes.insert(at, bytes.substr(random() % (bytes.size() + 1), random() % 16));
      break;
    default:
      if (!bytes.empty()) {
        bytes[at] = byte;
      }
  }
}

}  // namespace

TEST_CASE("mutated bytes never do worse than InputError") {
  const Folder dir;
  write_sample(dir / "t");
  const std::string file = bytes_of(dir / "t");
  std::mt19937 random(1);
  for (int i = 0; i < 4000; ++i) {
    std::string bytes = file;
    for (std::uint32_t n = 1 + random() % 4; n > 0; --n) {
      mutate(bytes, random);
    }
    write_bytes(dir / "t", bytes);
    read_all(dir / "t");
  }
}

// The checksums are right, so the mutations reach the decoders.
TEST_CASE("mutated messages with right checksums never do worse than InputError") {
  const google::protobuf::LogSilencer quiet;
  const Folder dir;
  write_sample(dir / "t");
  const std::vector<Piece> original = take_apart(bytes_of(dir / "t"));
  std::mt19937 random(2);
  int refused = 0;
  for (int i = 0; i < 8000; ++i) {
    std::vector<Piece> pieces = original;
    for (std::uint32_t n = 1 + random() % 2; n > 0; --n) {
      mutate(pieces[random() % pieces.size()].message, random);
    }
    write_bytes(dir / "t", put_together(pieces));
    refused += read_all(dir / "t") == Outcome::kRefused ? 1 : 0;
  }
  CHECK(refused > 4000);
  CHECK(refused < 8000);
}

}  // namespace reticle::trace::test
