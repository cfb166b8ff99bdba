#pragma once

#include <stdexcept>
#include <string>

namespace reticle {

// What went wrong from the user's point of view; the program's exit status follows the class
// (design: usage 2, config 3, input data 4, could not finish 5).
class Error : public std::runtime_error {
 public:
  Error(int exit_status, const std::string& what)
      : std::runtime_error(what), exit_status_(exit_status) {}
  int exit_status() const { return exit_status_; }

 private:
  int exit_status_;
};

class UsageError : public Error {
 public:
  explicit UsageError(const std::string& what) : Error(2, what) {}
};

class InputError : public Error {
 public:
  explicit InputError(const std::string& what) : Error(4, what) {}
};

class OutputError : public Error {
 public:
  explicit OutputError(const std::string& what) : Error(5, what) {}
};

// Where a config says something; line and column count from 1. A --set has file "--set PATH" and no
// line.
struct Location {
  std::string file;
  int line = 0;
  int column = 0;
};

// "FILE:LINE:COL: what (hint)".
class ConfigError : public Error {
 public:
  ConfigError(const Location& at, const std::string& what, const std::string& hint = "")
      : Error(3, text(at, what, hint)) {}

 private:
  static std::string text(const Location& at, const std::string& what, const std::string& hint) {
    std::string where = at.file;
    if (at.line > 0) {
      where += ":" + std::to_string(at.line) + ":" + std::to_string(at.column);
    }
    return where + ": " + what + (hint.empty() ? "" : " (" + hint + ")");
  }
};

}  // namespace reticle
