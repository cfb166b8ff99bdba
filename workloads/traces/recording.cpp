#include "workloads/traces/recording.h"

#include <algorithm>
#include <tuple>

namespace reticle::traces {

Strings::Strings(const Strings& other) {
  for (const std::string& text : other.texts_) {
    id(text);
  }
}

Strings& Strings::operator=(const Strings& other) {
  *this = Strings(other);
  return *this;
}

std::uint32_t Strings::id(std::string_view text) {
  const auto known = ids_.find(text);
  if (known != ids_.end()) {
    return known->second;
  }
  const auto next = static_cast<std::uint32_t>(texts_.size());
  ids_.emplace(texts_.emplace_back(text), next);
  return next;
}

bool Details::operator==(const Details& other) const {
  const auto all = [](const Details& d) {
    return std::tie(d.grid, d.block, d.registers, d.shared_memory_bytes, d.bytes, d.collective,
                    d.dtype, d.process_group, d.group_size, d.in_elements, d.out_elements);
  };
  return all(*this) == all(other);
}

std::int64_t Recording::last_ps() const {
  std::int64_t last = 0;
  for (std::size_t i = 0; i < slices.size(); ++i) {
    last = std::max(last, slices.end_ps(i));
  }
  for (const Sample& sample : samples) {
    last = std::max(last, sample.time_ps);
  }
  return last;
}

}  // namespace reticle::traces
