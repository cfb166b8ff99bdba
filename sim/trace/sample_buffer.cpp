#include "sim/trace/sample_buffer.h"

#include <algorithm>

namespace reticle::trace {

void SampleBuffer::append(CounterId counter, std::int64_t time_ps, double value) {
  rows_.push_back({counter.value, time_ps, value});
  span_.add(time_ps, time_ps);
}

rtrace::Samples SampleBuffer::take() {
  std::stable_sort(rows_.begin(), rows_.end(),
                   [](const Row& a, const Row& b) { return a.counter < b.counter; });
  rtrace::Samples out;
  out.set_base_ps(static_cast<std::uint64_t>(span_.first_ps));
  std::uint32_t counter = 0;
  std::int64_t from = 0;
  for (const Row& row : rows_) {
    if (row.counter != counter) {
      counter = row.counter;
      from = span_.first_ps;
      out.add_counter(counter);
      out.add_rows(0);
    }
    const int group = out.rows_size() - 1;
    out.set_rows(group, out.rows(group) + 1);
    out.add_gap_ps(static_cast<std::uint64_t>(row.time_ps - from));
    out.add_value(row.value);
    from = row.time_ps;
  }
  rows_.clear();
  span_ = {};
  return out;
}

}  // namespace reticle::trace
