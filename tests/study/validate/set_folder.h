#pragma once

#include <string>

#include "tests/support/folder.h"

namespace reticle::study::test {

// A folder `validation/` of a test's own: tables and sets.
class SetFolder : public reticle::test::Folder {
 public:
  std::string file(const std::string& name) const { return (path() / name).string(); }
  // A set of GEMMs, with lines of its own.
  void set(const std::string& name, const std::string& lines) const {
    write("sets/" + name + ".yaml",
          "title: T\nop: gemm\ntable: t.csv\nsource: made up\ngrade: A\n" + lines);
  }
};

inline const char* const kLimit = "limit: {median_ape: 0.1, p90_ape: 0.3}\n";

}  // namespace reticle::study::test
