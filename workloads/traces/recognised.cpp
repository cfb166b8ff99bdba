#include "workloads/traces/recognised.h"

#include <algorithm>
#include <utility>

namespace reticle::traces {

RecognisedKernel made(const Operator& op, Confidence confidence, std::string what, double times) {
  RecognisedKernel out;
  out.op = op;
  out.confidence = confidence;
  out.what = std::move(what);
  out.times = times;
  return out;
}

RecognisedKernel moved(std::int64_t bytes, Confidence confidence, std::string what) {
  if (bytes <= 0) {
    return {};
  }
  Operator op;
  op.mutable_copy()->set_bytes(std::max<std::int64_t>(bytes / 2, 1));
  return made(op, confidence, std::move(what));
}

RecognisedKernel made(const CollectiveOperator& op, Confidence confidence, std::string what) {
  RecognisedKernel out;
  out.op = op;
  out.confidence = confidence;
  out.what = std::move(what);
  return out;
}

}  // namespace reticle::traces
