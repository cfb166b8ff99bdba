#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace reticle::test {

// The kernel store of the programs a case starts: one of its own, or the one in the build tree that
// cases share which ask what an answer is and not where it comes from.
enum class Store { kOwn, kShared };

// A folder that is gone afterwards.
class Workspace {
 public:
  explicit Workspace(Store store = Store::kOwn);
  ~Workspace();
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;

  std::filesystem::path operator/(const std::string& name) const { return folder_ / name; }
  std::filesystem::path store() const { return store_; }
  // Writes a file and returns its path.
  std::string file(const std::string& name, const std::string& text) const;

 private:
  std::filesystem::path folder_;
  std::filesystem::path store_;
};

struct Outcome {
  int status = 0;  // exit status; 128 + signal if it died of one
  std::string out;
  std::string err;
};

// The program, running. Its standard output goes to `out_file` (default: kept for wait()).
class Program {
 public:
  Program(const Workspace& workspace, const std::vector<std::string>& arguments,
          const std::string& out_file = "");
  void signal(int number) const;
  Outcome wait();

 private:
  std::string out_;
  std::string err_;
  pid_t pid_ = 0;
};

Outcome run(const Workspace& workspace, const std::vector<std::string>& arguments,
            const std::string& out_file = "");

std::string read_file(const std::filesystem::path& path);
std::string source(const std::string& path);  // a file of the source tree, as an absolute path

}  // namespace reticle::test
