#include "models/kernels/store.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <vector>

#include "models/kernels/kernel_key.h"
#include "tests/support/folder.h"

using namespace reticle;
using namespace reticle::kernels;
namespace fs = std::filesystem;

namespace {

KernelKey key(double clock_hz = 1e9) {
  KernelKey key;
  key.set_model_version("test");
  key.set_clock_hz(clock_hz);
  return key;
}

DemandVector demand(std::int64_t time_ps = 42) {
  DemandVector demand;
  demand.set_time_ps(time_ps);
  demand.set_variant("tiling");
  return demand;
}

std::vector<fs::path> files(const fs::path& directory) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    if (entry.is_regular_file()) {
      found.push_back(entry.path());
    }
  }
  return found;
}

// The one file of a store, after putting key() into it.
fs::path put_one(const fs::path& directory) {
  Store(directory).put(key(), demand());
  const auto found = files(directory);
  REQUIRE(found.size() == 1);
  return found[0];
}

void write(const fs::path& file, const std::string& bytes) {
  std::ofstream(file, std::ios::binary) << bytes;
}

}  // namespace

TEST_CASE("a result is found again, in this process and in the next") {
  const test::Folder scratch;
  Store first(scratch.path());
  CHECK_FALSE(first.find(key()));
  first.put(key(), demand());
  CHECK(first.find(key())->time_ps() == 42);
  CHECK(first.hits() == 1);
  CHECK(first.misses() == 1);
  Store next(scratch.path());
  CHECK(next.find(key())->variant() == "tiling");
  CHECK_FALSE(next.find(key(2e9)));
  const std::string name = digest(key());
  CHECK(files(scratch.path()) ==
        std::vector<fs::path>{scratch.path() / name.substr(0, 2) / (name + ".pb")});
  CHECK(next.warning().empty());
}

TEST_CASE("a file cut off anywhere counts as absent, and is written anew") {
  const test::Folder scratch;
  const fs::path file = put_one(scratch.path());
  const std::string whole = test::bytes_of(file);
  for (std::size_t length = 0; length < whole.size(); ++length) {
    write(file, whole.substr(0, length));
    REQUIRE_FALSE(Store(scratch.path()).find(key()));
  }
  Store(scratch.path()).put(key(), demand());
  CHECK(test::bytes_of(file) == whole);
}

TEST_CASE("garbage counts as absent") {
  const test::Folder scratch;
  const fs::path file = put_one(scratch.path());
  for (const std::string& garbage :
       {std::string(100, '\xff'), std::string("not protobuf"), std::string(1000, '\0'),
        test::bytes_of("/proc/self/exe").substr(0, 4096)}) {
    write(file, garbage);
    CHECK_FALSE(Store(scratch.path()).find(key()));
  }
}

TEST_CASE("a file that holds another key is not believed") {
  const test::Folder scratch;
  const fs::path file = put_one(scratch.path());
  StoredKernel other;
  *other.mutable_key() = key(2e9);
  *other.mutable_demand() = demand(7);
  write(file, other.SerializeAsString());
  CHECK_FALSE(Store(scratch.path()).find(key()));
}

TEST_CASE("two processes may write the same key") {
  const test::Folder scratch;
  std::vector<pid_t> children;
  for (int child = 0; child < 2; ++child) {
    const pid_t pid = fork();
    if (pid == 0) {
      for (int i = 0; i < 200; ++i) {
        Store store(scratch.path());
        const auto found = store.find(key());
        if (found && found->time_ps() != 42) {
          _exit(1);
        }
        store.put(key(), demand());
        if (!store.warning().empty()) {
          _exit(2);
        }
      }
      _exit(0);
    }
    children.push_back(pid);
  }
  for (const pid_t pid : children) {
    int status = -1;
    waitpid(pid, &status, 0);
    CHECK(status == 0);
  }
  CHECK(files(scratch.path()).size() == 1);  // no temporary file stays
  CHECK(Store(scratch.path()).find(key())->time_ps() == 42);
}

TEST_CASE("a directory that cannot be written costs a warning and nothing else") {
  const test::Folder scratch;
  const fs::path blocked = scratch.path() / "file";
  write(blocked, "in the way");
  Store store(blocked);
  store.put(key(), demand());
  CHECK(store.warning() == "kernel store " + blocked.string() +
                               " cannot be written; results are kept for this run only");
  store.put(key(2e9), demand(7));
  CHECK(store.find(key())->time_ps() == 42);
  CHECK(store.find(key(2e9))->time_ps() == 7);
  CHECK(test::bytes_of(blocked) == "in the way");
}

TEST_CASE("a write that fails half-way is a warning, too") {
  const test::Folder scratch;
  const rlimit nothing = {0, 0};  // a file may hold no byte: as on a full disk
  std::signal(SIGXFSZ, SIG_IGN);
  REQUIRE(setrlimit(RLIMIT_FSIZE, &nothing) == 0);
  Store store(scratch.path());
  store.put(key(), demand());
  CHECK_FALSE(store.warning().empty());
  CHECK(store.find(key())->time_ps() == 42);
  CHECK(files(scratch.path()).empty());
}

TEST_CASE("without a directory nothing is written") {
  const test::Folder scratch;
  fs::current_path(scratch.path());
  Store store{fs::path()};
  store.put(key(), demand());
  CHECK(store.find(key())->time_ps() == 42);
  CHECK(fs::is_empty(scratch.path()));
  CHECK(store.warning().empty());
  fs::current_path("/");
}

TEST_CASE("where the store is follows the environment") {
  setenv("RETICLE_STORE", "/a/store", 1);
  setenv("XDG_CACHE_HOME", "/cache", 1);
  setenv("HOME", "/home/me", 1);
  CHECK(Store::default_directory() == "/a/store");
  unsetenv("RETICLE_STORE");
  CHECK(Store::default_directory() == "/cache/reticle");
  unsetenv("XDG_CACHE_HOME");
  CHECK(Store::default_directory() == "/home/me/.cache/reticle");
  unsetenv("HOME");
  CHECK(Store::default_directory().empty());
}
