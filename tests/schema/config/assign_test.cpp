#include "schema/config/assign.h"

#include <catch2/catch.hpp>

#include "samples.h"
#include "schema/operator.pb.h"

using namespace reticle;
using namespace reticle::config;
using namespace reticle::config::test;

namespace {

std::string gemm_error(const std::vector<Assignment>& values) {
  Gemm gemm;
  return error_of([&] { assign(gemm, values); });
}

}  // namespace

TEST_CASE("an operator is filled from keys, with its defaults") {
  Gemm gemm;
  assign(gemm, {{"m", "4096"}, {"n", "7168"}, {"k", "2048"}, {"dtype", "fp8_block"}});
  CHECK(gemm.m() == 4096);
  CHECK(gemm.dtype() == DTYPE_FP8_BLOCK);
  CHECK(gemm.out_dtype() == DTYPE_BFLOAT16);
  CHECK_FALSE(gemm.quantize_a());
}

TEST_CASE("a list is written with colons, and an optional key stays unset") {
  GroupedGemm op;
  assign(op, {{"groups", "3"}, {"n", "1"}, {"k", "1"}, {"dtype", "int8"}, {"m_list", "5:0:7"}});
  CHECK_FALSE(op.has_m());
  REQUIRE(op.m_list_size() == 3);
  CHECK(op.m_list(1) == 0);
  CHECK(op.m_list(2) == 7);
  GroupedGemm wrong;
  CHECK(error_of([&] {
          assign(wrong, {{"m_list", "5::7"}});
        }) == "`m_list`: `` is not a whole number");
}

TEST_CASE("wrong keys and values are errors of usage") {
  CHECK(gemm_error({{"m", "1"}, {"n", "1"}}) ==
        "missing k, dtype (keys: m, n, k, dtype, quantize_a, out_dtype, accumulate)");
  CHECK(gemm_error({{"dytpe", "int8"}}) ==
        "unknown key `dytpe` (did you mean `dtype`? keys: m, n, k, dtype, quantize_a, out_dtype, "
        "accumulate)");
  CHECK(gemm_error({{"m", "1"}, {"m", "2"}}) == "key `m` is given twice");
  CHECK(gemm_error({{"m", "0"}}) == "`m`: `0` is out of range (at least 1)");
  CHECK(gemm_error({{"m", ""}}) == "`m`: `` is not a whole number");
  CHECK(gemm_error({{"dtype", "int"}})
            .find("`dtype`: `int` is not one of its values (did you mean "
                  "`int8`?") == 0);
  CHECK(gemm_error({{"quantize_a", "1"}}) == "`quantize_a`: `1` is neither true nor false");
  Gemm gemm;
  CHECK(status_of([&] { assign(gemm, {}); }) == 2);
}

TEST_CASE("the member of the oneof is picked by the op's name") {
  Operator op;
  CHECK(op_name(op).empty());
  CHECK(op_message(op) == nullptr);
  assign(select_op(op, "topk"), {{"m", "1"}, {"n", "256"}, {"k", "8"}});
  CHECK(op.topk().k() == 8);
  CHECK(op_name(op) == "topk");
  CHECK(op_message(op) == &op.topk());
  select_op(op, "gemm");
  CHECK_FALSE(op.has_topk());
  select_op(op, "gemm").GetReflection();
  CHECK(op.has_gemm());
}

TEST_CASE("an unknown op is refused with the list") {
  CollectiveOperator op;
  CHECK(error_of([&] { select_op(op, "allreduce"); }) ==
        "unknown op `allreduce` (did you mean `all_reduce`? ops: all_reduce, all_gather, "
        "reduce_scatter, all_to_all, send_recv, moe_dispatch, moe_combine)");
  CHECK(status_of([&] { select_op(op, "gemm"); }) == 2);
  CHECK(op_names(*Operator::descriptor()).front() == "gemm");
  CHECK(keys(*Topk::descriptor()) == std::vector<std::string>{"m", "n", "k"});
}
