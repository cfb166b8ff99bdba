#include "models/kernels/vector_work.h"

#include <catch2/catch.hpp>

#include "schema/config/assign.h"

using namespace reticle;
using namespace reticle::kernels;

namespace {

struct Row {
  std::int64_t rows;
  double read;
  double write;
  double elements;
  double specials;
};

// Checks rows and costs of an operator, and that totals are rows times a row.
void check(const std::string& name, const std::vector<config::Assignment>& values, const Row& row) {
  INFO(name);
  Operator op;
  config::assign(config::select_op(op, name), values);
  const Work work = work_of(op);
  REQUIRE(work.vector);
  CHECK(work.vector->rows == row.rows);
  CHECK(work.vector->read_bytes == row.read);
  CHECK(work.vector->write_bytes == row.write);
  CHECK(work.vector->element_passes == row.elements);
  CHECK(work.vector->special_passes == row.specials);
  const auto rows = static_cast<double>(row.rows);
  REQUIRE(work.tensors.size() == 2);
  CHECK(work.tensors[0].bytes == rows * row.read);
  CHECK(work.tensors[1].bytes == rows * row.write);
  CHECK(work.tensors[1].output);
  CHECK(work.operations == rows * (row.elements + row.specials));
}

}  // namespace

TEST_CASE("row-wise operators: bytes and passes of a row") {
  check("rmsnorm", {{"m", "10"}, {"n", "128"}}, {10, 256, 256, 6 * 128, 1});
  check("rope", {{"m", "3"}, {"n", "64"}}, {3, 128, 128, 5 * 64, 0});
  check("softmax", {{"m", "2"}, {"n", "100"}, {"dtype", "float32"}}, {2, 400, 400, 600, 100});
  check("swiglu", {{"m", "4"}, {"n", "128"}}, {4, 512, 256, 7 * 128, 2 * 128});
  check("topk", {{"m", "2"}, {"n", "256"}, {"k", "8"}}, {2, 1024, 64, 2048, 0});
  // Nearly all of a row: 55 stages of a bitonic sort instead of 1,000 selections.
  check("topk", {{"m", "1"}, {"n", "1024"}, {"k", "1000"}}, {1, 4096, 8000, 1024 * 55 * 6.5, 0});
}

TEST_CASE("quantising adds scales, and a division for each") {
  check("quantize", {{"m", "4"}, {"n", "256"}, {"dtype", "int8"}}, {4, 512, 256 + 4, 1280, 1});
  check("quantize", {{"m", "4"}, {"n", "256"}, {"dtype", "fp8_block"}}, {8, 256, 132, 640, 1});
  check("quantize", {{"m", "4"}, {"n", "257"}, {"dtype", "fp8_block"}}, {4, 514, 269, 1285, 3});
  check("swiglu", {{"m", "4"}, {"n", "128"}, {"out_dtype", "fp8_block"}},
        {4, 512, 132, 12 * 128, 2 * 128 + 1});
}

TEST_CASE("moving rows: each goes to its copies, or is summed from them") {
  check("permute", {{"m", "2"}, {"n", "128"}, {"copies", "8"}, {"dtype", "int8"}},
        {2, 132, 8 * 132, 0, 0});
  check("unpermute", {{"m", "2"}, {"n", "128"}, {"copies", "9"}},
        {2, 9 * 256, 256, (3 * 9 + 1) * 128, 0});
  check("copy", {{"bytes", "65536"}}, {1, 65536, 65536, 0, 0});
  check("copy", {{"bytes", "65538"}}, {2, 32769, 32769, 0, 0});  // one chunk more, all alike
}
