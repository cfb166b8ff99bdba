#include <unistd.h>

#include <catch2/catch.hpp>

#include "schema/errors.h"
#include "sim/trace/reader.h"
#include "tests/sim/trace/sample_trace.h"

namespace reticle::trace::test {

namespace fs = std::filesystem;

TEST_CASE("a full disk is an OutputError that names the file") {
  CHECK(error_of<OutputError>([] { write_sample("/dev/full"); }) ==
        "cannot write /dev/full: No space left on device");
  CHECK(fs::is_character_file("/dev/full"));  // written in place, never replaced
}

TEST_CASE("a directory that does not exist is an OutputError") {
  const Folder dir;
  const fs::path path = dir / "none/t.rtrace";
  CHECK(error_of<OutputError>([&] { write_sample(path); }) ==
        "cannot write " + path.string() + ": No such file or directory");
}

TEST_CASE("a directory in the file's place is an OutputError") {
  const Folder dir;
  fs::create_directory(dir / "t.rtrace");
  CHECK(error_of<OutputError>([&] { write_sample(dir / "t.rtrace"); }) ==
        "cannot write " + (dir / "t.rtrace").string() + ": Is a directory");
}

TEST_CASE("the file appears whole: until finish() an older one stays") {
  const Folder dir;
  const fs::path path = dir / "t.rtrace";
  write_bytes(path, "older");
  {
    Recorder out(path);
    CHECK(bytes_of(path) == "older");
    CHECK(fs::exists(dir / "t.rtrace.part"));
  }
  CHECK(bytes_of(path) == "older");
  CHECK_FALSE(fs::exists(dir / "t.rtrace.part"));
  write_sample(path);
  CHECK(Reader(path).summary().totals.slices == 24);
  CHECK_FALSE(fs::exists(dir / "t.rtrace.part"));
}

TEST_CASE("a link is followed, not replaced") {
  const Folder dir;
  write_bytes(dir / "real", "older");
  fs::create_symlink(dir / "real", dir / "link");
  write_sample(dir / "link");
  CHECK(fs::is_symlink(dir / "link"));
  CHECK(Reader(dir / "real").summary().totals.slices == 24);
}

}  // namespace reticle::trace::test
