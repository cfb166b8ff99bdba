#pragma once

#include <cstdint>
#include <string>

#include "workloads/traces/recognise.h"

namespace reticle::traces {

constexpr std::int64_t kBf16 = 2;  // bytes
constexpr std::int64_t kFp32 = 4;

RecognisedKernel made(const Operator& op, Confidence confidence, std::string what = "",
                      double times = 1);
RecognisedKernel made(const CollectiveOperator& op, Confidence confidence, std::string what = "");

// A kernel that reads and writes `bytes` together.
RecognisedKernel moved(std::int64_t bytes, Confidence confidence, std::string what = "");

}  // namespace reticle::traces
