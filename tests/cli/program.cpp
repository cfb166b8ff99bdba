#include "tests/cli/program.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace reticle::test {

namespace fs = std::filesystem;

Workspace::Workspace(Store store) {
  std::string name = (fs::temp_directory_path() / "reticle-test.XXXXXX").string();
  REQUIRE(mkdtemp(name.data()) != nullptr);
  folder_ = name;
  store_ = store == Store::kOwn ? folder_ / "store" : fs::path(RETICLE_TEST_STORE);
}

Workspace::~Workspace() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

std::string Workspace::file(const std::string& name, const std::string& text) const {
  const fs::path path = folder_ / name;
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
  return path.string();
}

Program::Program(const Workspace& workspace, const std::vector<std::string>& arguments,
                 const std::string& out_file)
    : out_(out_file.empty() ? (workspace / "stdout").string() : out_file),
      err_((workspace / "stderr").string()) {
  setenv("RETICLE_STORE", workspace.store().c_str(), 1);
  std::vector<std::string> words = {RETICLE_PROGRAM};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) {
    argv.push_back(word.data());
  }
  argv.push_back(nullptr);
  constexpr int kWrite = O_WRONLY | O_CREAT | O_TRUNC;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, out_.c_str(), kWrite, 0600);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, err_.c_str(), kWrite, 0600);
  const int error = posix_spawn(&pid_, RETICLE_PROGRAM, &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  REQUIRE(error == 0);
}

void Program::signal(int number) const { REQUIRE(kill(pid_, number) == 0); }

Outcome Program::wait() {
  int status = 0;
  REQUIRE(waitpid(pid_, &status, 0) == pid_);
  Outcome outcome;
  outcome.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  outcome.out = fs::is_regular_file(out_) ? read_file(out_) : "";
  outcome.err = read_file(err_);
  return outcome;
}

Outcome run(const Workspace& workspace, const std::vector<std::string>& arguments,
            const std::string& out_file) {
  return Program(workspace, arguments, out_file).wait();
}

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string source(const std::string& path) { return std::string(RETICLE_SOURCE_DIR) + "/" + path; }

}  // namespace reticle::test
