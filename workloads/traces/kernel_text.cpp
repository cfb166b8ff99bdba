#include "workloads/traces/kernel_text.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <utility>

namespace reticle::traces {

std::vector<std::int64_t> KernelText::integers_after(const char* part) const {
  std::vector<std::int64_t> out;
  std::size_t at = text.find(part);
  if (at == std::string::npos) {
    return out;
  }
  at += std::char_traits<char>::length(part);
  while (at < text.size()) {
    std::int64_t value = 0;
    const char* const begin = text.data() + at;
    const auto [end, error] = std::from_chars(begin, text.data() + text.size(), value);
    if (error == std::errc() && *begin != '-') {
      out.push_back(value);
      at += static_cast<std::size_t>(end - begin);
    } else if (text[at] == 'u' || text[at] == ',' || text[at] == ' ' || text[at] == 'x') {
      ++at;
    } else {
      break;
    }
  }
  return out;
}

std::int64_t KernelText::element_bytes() const {
  const std::pair<const char*, std::int64_t> kTypes[] = {
      {"BFloat16", 2}, {"Half", 2},  {"bfloat16", 2}, {"<float", 4}, {"<double", 8},
      {"<long", 8},    {"<bool", 1}, {"<int", 4},     {"float,", 4}};
  std::size_t first = std::string::npos;
  std::int64_t bytes = 2;
  for (const auto& [word, size] : kTypes) {
    const std::size_t at = text.find(word);
    if (at < first) {
      first = at;
      bytes = size;
    }
  }
  return bytes;
}

std::int64_t KernelText::arrays() const {
  const std::vector<std::int64_t> said = integers_after("Array<char*, ");
  if (!said.empty() && said.front() > 0) {
    return said.front();
  }
  return has("Binary") || has("_add") ? 3 : 2;
}

}  // namespace reticle::traces
