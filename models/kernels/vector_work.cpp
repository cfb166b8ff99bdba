#include "models/kernels/vector_work.h"

#include <algorithm>

#include "schema/config/assign.h"
#include "schema/dtype.h"
#include "schema/errors.h"

namespace reticle::kernels {

namespace {

constexpr double kBf16 = 2;  // bytes
constexpr double kFp32 = 4;

struct RowCost {
  double element_passes = 0;
  double special_passes = 0;
};

// One row of x in, one row of y out, plus an optional parameter tensor read by every core once.
Work rows_work(std::int64_t rows, double read, double write, const RowCost& cost) {
  const auto count = static_cast<double>(rows);
  Work work;
  work.operations = count * (cost.element_passes + cost.special_passes);
  work.tensors = {{"x", count * read}, {"y", count * write, true}};
  work.vector = VectorWork{rows, read, write, cost.element_passes, cost.special_passes};
  return work;
}

double width(std::int64_t n) { return static_cast<double>(n); }

double row_bytes(std::int64_t n, Dtype dtype) {
  return width(n) * element_bytes(dtype) + activation_scale_bytes(dtype, 1, width(n));
}

// Passes over a row, counted as the vector instructions a straightforward kernel issues (casts to
// and from FP32 included, as both machines compute in FP32). cast, square, sum, scale, weight,
// cast; one rsqrt a row.
RowCost rmsnorm_cost(std::int64_t n) { return {6 * width(n), 1}; }
// cast twice, negate, add, multiply twice, cast; one exp and one division an element.
RowCost swiglu_cost(std::int64_t n) { return {7 * width(n), 2 * width(n)}; }
// cast, two multiplies, one add with the rotated half, cast.
RowCost rope_cost(std::int64_t n) { return {5 * width(n), 0}; }
// cast, absolute value, running maximum, multiply, round and cast; one division a scale.
RowCost quantize_cost(std::int64_t n, Dtype dtype) {
  return {5 * width(n), activation_scale_bytes(dtype, 1, width(n)) / kFp32};
}
// maximum, subtract, sum, scale, casts; one exp an element.
RowCost softmax_cost(std::int64_t n) { return {6 * width(n), width(n)}; }

Work swiglu_work(const Swiglu& op) {
  RowCost cost = swiglu_cost(op.n());
  if (is_quantized(op.out_dtype())) {
    const RowCost more = quantize_cost(op.n(), op.out_dtype());
    cost.element_passes += more.element_passes;
    cost.special_passes += more.special_passes;
  }
  return rows_work(op.m(), 2 * width(op.n()) * element_bytes(op.dtype()),
                   row_bytes(op.n(), op.out_dtype()), cost);
}

// Passes over a row of Batcher's bitonic sort of keys with their indices: s (s + 1) / 2 stages for
// 2^s values, in each a compare and four selects on half of the row, and both arrays to the
// partner's place and back.
double sort_passes(std::int64_t n) {
  constexpr double kStagePasses = (1 + 4) / 2.0 + 2 * 2;
  std::int64_t levels = 0;
  while ((std::int64_t{1} << levels) < n) {
    ++levels;
  }
  return static_cast<double>(levels * (levels + 1) / 2) * kStagePasses;
}

// A selection pass over the row for each value kept, or a sort if that is less; key and index are
// written.
Work topk_work(const Topk& op) {
  return rows_work(op.m(), width(op.n()) * kFp32, width(op.k()) * 2 * kFp32,
                   {width(op.n()) * std::min(width(op.k()), sort_passes(op.n())), 0});
}

// Huge copies have no rows of their own: 64 KiB at a time.
Work copy_work(const Copy& op) {
  constexpr std::int64_t kChunk = 64 * 1024;
  const std::int64_t chunks = (op.bytes() + kChunk - 1) / kChunk;
  const double chunk = static_cast<double>(op.bytes()) / static_cast<double>(chunks);
  return rows_work(chunks, chunk, chunk, {0, 0});
}

Work permute_work(const Permute& op) {
  const double row = row_bytes(op.n(), op.dtype());
  return rows_work(op.m(), row, row * width(op.copies()), {0, 0});
}

// cast, multiply by the weight and add for every copy, one cast out.
Work unpermute_work(const Unpermute& op) {
  const double row = row_bytes(op.n(), op.dtype());
  return rows_work(op.m(), row * width(op.copies()), row,
                   {(3 * width(op.copies()) + 1) * width(op.n()), 0});
}

}  // namespace

// Blocks of a row have nothing to do with each other: each is a row of its own.
Work quantize_work(std::int64_t rows, std::int64_t columns, Dtype dtype) {
  constexpr std::int64_t kBlock = 128;
  if (dtype == DTYPE_FP8_BLOCK && columns > kBlock && columns % kBlock == 0) {
    return quantize_work(rows * (columns / kBlock), kBlock, dtype);
  }
  Work work = rows_work(rows, width(columns) * kBf16, row_bytes(columns, dtype),
                        quantize_cost(columns, dtype));
  work.vector->quantized = columns;
  work.vector->two_passes = dtype == DTYPE_FP8 || dtype == DTYPE_INT8;  // one scale a row
  return work;
}

Work vector_operator_work(const Operator& op) {
  switch (op.op_case()) {
    case Operator::kRmsnorm:
      return rows_work(op.rmsnorm().m(), row_bytes(op.rmsnorm().n(), op.rmsnorm().dtype()),
                       row_bytes(op.rmsnorm().n(), op.rmsnorm().dtype()),
                       rmsnorm_cost(op.rmsnorm().n()));
    case Operator::kSwiglu:
      return swiglu_work(op.swiglu());
    case Operator::kRope:
      return rows_work(op.rope().m(), row_bytes(op.rope().n(), op.rope().dtype()),
                       row_bytes(op.rope().n(), op.rope().dtype()), rope_cost(op.rope().n()));
    case Operator::kQuantize:
      return quantize_work(op.quantize().m(), op.quantize().n(), op.quantize().dtype());
    case Operator::kTopk:
      return topk_work(op.topk());
    case Operator::kCopy:
      return copy_work(op.copy());
    case Operator::kPermute:
      return permute_work(op.permute());
    case Operator::kUnpermute:
      return unpermute_work(op.unpermute());
    case Operator::kSoftmax:
      return rows_work(op.softmax().m(), row_bytes(op.softmax().n(), op.softmax().dtype()),
                       row_bytes(op.softmax().n(), op.softmax().dtype()),
                       softmax_cost(op.softmax().n()));
    default:
      throw UsageError("op " + config::op_name(op) + ": not yet");
  }
}

}  // namespace reticle::kernels
