#include "models/kernels/tensor_gpu/mla_parts.h"

#include <algorithm>

#include "models/kernels/program_builder.h"
#include "sim/compute/units.h"

namespace reticle::kernels::tensor_gpu {

using compute::ceil_div;

namespace {

// KV blocks [begin, end) of the whole batch, cut at sequence borders.
std::vector<MlaSegment> segments(std::int64_t begin, std::int64_t end, std::int64_t kv_blocks) {
  std::vector<MlaSegment> all;
  while (begin < end) {
    MlaSegment segment;
    segment.sequence = begin / kv_blocks;
    segment.first = begin % kv_blocks;
    segment.end = std::min(kv_blocks, segment.first + end - begin);
    begin += segment.end - segment.first;
    all.push_back(segment);
  }
  return all;
}

}  // namespace

std::int64_t MlaParts::partial_segments() const {
  std::int64_t count = 0;
  for (const auto& part : parts) {
    count += std::count_if(part.begin(), part.end(),
                           [](const MlaSegment& segment) { return segment.splits > 1; });
  }
  return count;
}

std::int64_t MlaParts::split_sequences() const {
  std::int64_t count = 0;
  for (const auto& part : parts) {
    count += std::count_if(part.begin(), part.end(), [](const MlaSegment& segment) {
      return segment.splits > 1 && segment.first == 0;
    });
  }
  return count;
}

MlaParts deal_mla(const MlaWork& work, std::int64_t sms) {
  MlaParts dealt;
  dealt.row_blocks = ceil_div(work.queries, kMlaRows);
  dealt.kv_blocks = ceil_div(work.kv_len, kMlaBlock);
  dealt.lanes = std::min(dealt.row_blocks, sms);
  const std::int64_t blocks = work.sequences * dealt.kv_blocks;
  const std::int64_t parts = std::min(blocks, sms / dealt.lanes);
  std::vector<std::int64_t> splits(static_cast<std::size_t>(work.sequences), 0);
  for (std::int64_t part = 0; part < parts; ++part) {
    const auto [begin, end] = share(blocks, parts, part);
    dealt.parts.push_back(segments(begin, end, dealt.kv_blocks));
    for (const MlaSegment& segment : dealt.parts.back()) {
      ++splits[static_cast<std::size_t>(segment.sequence)];
    }
  }
  for (auto& part : dealt.parts) {
    for (MlaSegment& segment : part) {
      segment.splits = splits[static_cast<std::size_t>(segment.sequence)];
    }
  }
  return dealt;
}

}  // namespace reticle::kernels::tensor_gpu
