#pragma once

#include <string>
#include <vector>

#include "tests/cli/program.h"

namespace reticle::test {

// A copy of configs/ that can be broken; the programs started meanwhile read it.
class Configs {
 public:
  Configs();
  ~Configs();
  Configs(const Configs&) = delete;
  Configs& operator=(const Configs&) = delete;

  std::string path(const std::string& name) const;

  // Writes `by` for the first `what` of a file, and says where that is: "FILE:LINE:COL". With `at`,
  // the place of that text instead.
  std::string replace(const std::string& name, const std::string& what, const std::string& by,
                      const std::string& at = "") const;

  // `run` of the shipped study is refused with this message, status 3, before anything is
  // simulated.
  void require_refused(const std::string& message, const std::vector<std::string>& settings = {});

  // Any command is, with nothing on standard output.
  void require_refused_by(const std::vector<std::string>& typed, const std::string& message) const;

 private:
  Workspace workspace_;
};

}  // namespace reticle::test
