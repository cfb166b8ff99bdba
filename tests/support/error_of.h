#pragma once

#include <string>

namespace reticle::test {

// The text of the Exception that `work` throws; "nothing was thrown" if it throws none.
template <class Exception, class Work>
std::string error_of(Work work) {
  try {
    work();
  } catch (const Exception& error) {
    return error.what();
  }
  return "nothing was thrown";
}

}  // namespace reticle::test
