#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace reticle::traces {

// A kernel's demangled name with what can be read from it.
struct KernelText {
  explicit KernelText(std::string name) : text(std::move(name)) {}

  bool has(const char* part) const { return text.find(part) != std::string::npos; }
  // The unsigned integers that follow `part`, up to the first character that is none of "0-9u, x".
  std::vector<std::int64_t> integers_after(const char* part) const;
  // Bytes of the element type the name mentions first: 2 where it mentions none.
  std::int64_t element_bytes() const;
  // Pointers of an elementwise kernel (inputs and output).
  std::int64_t arrays() const;

  std::string text;
};

}  // namespace reticle::traces
