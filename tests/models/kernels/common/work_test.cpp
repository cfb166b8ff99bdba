#include "models/kernels/work.h"

#include <catch2/catch.hpp>
#include <string>

#include "schema/config/assign.h"
#include "schema/errors.h"

using namespace reticle;
using namespace reticle::kernels;

namespace {

// An operator as typed: op and key=value pairs, defaults filled in.
Operator op(const std::string& name, const std::vector<config::Assignment>& values) {
  Operator op;
  config::assign(config::select_op(op, name), values);
  return op;
}

}  // namespace

// Definitions and counts: design, "Operators".
TEST_CASE("a gemm is 2mnk operations on three tensors") {
  const Operator shape =
      op("gemm", {{"m", "4096"}, {"n", "7168"}, {"k", "2048"}, {"dtype", "bfloat16"}});
  const Work work = work_of(shape);
  CHECK(work.operations == 120259084288.0);
  REQUIRE(work.tensors.size() == 3);
  CHECK(work.tensors[0].name == "a");
  CHECK(work.tensors[0].bytes == 4096 * 2048 * 2);
  CHECK(work.tensors[1].bytes == 7168 * 2048 * 2);
  CHECK_FALSE(work.tensors[1].output);
  CHECK(work.tensors[2].bytes == 4096 * 7168 * 2);
  CHECK(work.tensors[2].output);
  CHECK(work.gemm->rows == std::vector<std::int64_t>{4096});
  CHECK_FALSE(work.vector);
  CHECK(shape_text(shape) == "m=4096 n=7168 k=2048 dtype=bfloat16 out_dtype=bfloat16");
}

TEST_CASE("activations carry their scales") {
  const auto a = [](const char* dtype) {
    return work_of(op("gemm", {{"m", "10"}, {"n", "1"}, {"k", "129"}, {"dtype", dtype}}))
        .tensors[0]
        .bytes;
  };
  CHECK(a("int8") == 10 * 129 + 10 * 4);
  CHECK(a("fp8_block") == 10 * 129 + 10 * 2 * 4);
  CHECK(a("float16") == 10 * 129 * 2);
}

TEST_CASE("groups are gemms of their own") {
  const Work batched = work_of(
      op("batched_gemm",
         {{"groups", "128"}, {"m", "96"}, {"n", "512"}, {"k", "128"}, {"dtype", "bfloat16"}}));
  CHECK(batched.operations == 2.0 * 128 * 96 * 512 * 128);
  CHECK(batched.tensors[0].bytes == 128 * 96 * 128 * 2);
  CHECK(batched.tensors[1].bytes == 128 * 512 * 128 * 2);
  const Work listed = work_of(
      op("grouped_gemm",
         {{"groups", "3"}, {"m_list", "3:0:5"}, {"n", "4"}, {"k", "8"}, {"dtype", "int8"}}));
  CHECK(listed.operations == 2 * 8 * 4 * 8);
  CHECK(listed.tensors[0].bytes == 8 * 8 + 8 * 4);
  CHECK(listed.tensors[1].bytes == 3 * 4 * 8);
  CHECK(listed.tensors[2].bytes == 8 * 4 * 2);
  CHECK(listed.gemm->rows == std::vector<std::int64_t>{3, 0, 5});
  const Work even = work_of(
      op("grouped_gemm", {{"groups", "3"}, {"m", "7"}, {"n", "4"}, {"k", "8"}, {"dtype", "int8"}}));
  CHECK(even.gemm->rows == std::vector<std::int64_t>{7, 7, 7});
}

TEST_CASE("rows of groups are given once, and as many as there are groups") {
  const std::vector<config::Assignment> base = {
      {"groups", "2"}, {"n", "4"}, {"k", "8"}, {"dtype", "int8"}};
  auto both = base;
  both.insert(both.end(), {{"m", "1"}, {"m_list", "1:2"}});
  auto three = base;
  three.emplace_back("m_list", "1:2:3");
  const char* once = "grouped_gemm: give m (rows of every group) or m_list (a:b:c), not both";
  CHECK_THROWS_WITH(work_of(op("grouped_gemm", base)), once);
  CHECK_THROWS_WITH(work_of(op("grouped_gemm", both)), once);
  CHECK_THROWS_WITH(work_of(op("grouped_gemm", three)),
                    "grouped_gemm: m_list has 3 entries, groups is 2");
  CHECK_THROWS_AS(work_of(op("grouped_gemm", three)), UsageError);
}

TEST_CASE("mla_decode is 2 B q_len kv_len heads (576 + 512) operations, its KV read once") {
  const Work work = work_of(op(
      "mla_decode", {{"batch_size", "2"}, {"kv_len", "100"}, {"q_len", "2"}, {"num_heads", "16"}}));
  CHECK(work.operations == 2.0 * 2 * 2 * 100 * 16 * 1088);
  CHECK(work.tensors[0].bytes == 2 * 2 * 16 * 576 * 2);
  CHECK(work.tensors[1].bytes == 2 * 100 * 576 * 2);
  CHECK(work.tensors[2].bytes == 2 * 2 * 16 * 512 * 2);
  CHECK(work.mla->queries == 32);
}

TEST_CASE("a MoE layer has no kernel of its own") {
  Operator layer;
  layer.mutable_moe()->set_num_tokens(1);
  CHECK_THROWS_WITH(work_of(layer), "op moe is several kernels");
}
