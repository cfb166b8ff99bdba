// Batch (docs/commands.md): rows in order, columns carried, a row that fails hinders no other.
#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>

#include "schema/csv.h"
#include "tests/cli/program.h"

namespace reticle::test {
namespace {

constexpr int kBadInput = 4;

struct Table {
  int status = 0;
  std::string err;
  std::vector<CsvRow> rows;  // the header first

  std::string cell(std::size_t row, const std::string& column) const {
    const auto found = std::find(rows.at(0).begin(), rows.at(0).end(), column);
    REQUIRE(found != rows[0].end());
    return rows.at(row).at(static_cast<std::size_t>(found - rows[0].begin()));
  }
};

Table batch(const Workspace& workspace, const std::string& csv,
            const std::vector<std::string>& more = {},
            const std::vector<std::string>& command = {"kernel", "--chip", "h800-sxm"}) {
  std::vector<std::string> typed = command;
  const std::string out = (workspace / "out.csv").string();
  std::filesystem::remove(out);
  typed.insert(typed.end(), {"--batch", workspace.file("in.csv", csv), "--out", out});
  typed.insert(typed.end(), more.begin(), more.end());
  const Outcome outcome = run(workspace, typed);
  CHECK(outcome.out.empty());
  Table table{outcome.status, outcome.err, {}};
  if (std::filesystem::exists(out)) {
    table.rows = read_csv(out);
  }
  return table;
}

const CsvRow kOutputs = {"time_us",   "tflops",   "hbm_gb_per_s", "energy_mj", "power_w",
                         "clock_mhz", "bound_by", "fidelity",     "error"};

}  // namespace

TEST_CASE("columns: carried, renamed, appended in the contract's order") {
  const Workspace workspace;
  const Table table = batch(workspace,
                            "note,op,m,n,power_w,error\r\n"
                            "\"a, \"\"b\"\"\nc\",rmsnorm,8,64,412.5,old\r\n",
                            {});
  REQUIRE(table.status == 0);
  CsvRow header = {"note", "op", "m", "n", "in_power_w", "in_error"};
  header.insert(header.end(), kOutputs.begin(), kOutputs.end());
  REQUIRE(table.rows.size() == 2);
  CHECK(table.rows[0] == header);
  CHECK(table.cell(1, "note") == "a, \"b\"\nc");
  CHECK(table.cell(1, "in_power_w") == "412.5");
  CHECK(table.cell(1, "in_error") == "old");
  CHECK(table.cell(1, "error").empty());
  CHECK(table.cell(1, "fidelity") == "cycle");
  CHECK(std::stod(table.cell(1, "time_us")) > 0);
}

TEST_CASE("a batch row is what the single command says") {
  const Workspace workspace;
  const Table table = batch(workspace, "m,n\n512,7168\n", {"--op", "rmsnorm"});
  const Outcome single = run(
      workspace, {"kernel", "--chip", "h800-sxm", "--op", "rmsnorm", "m=512", "n=7168", "--json"});
  CHECK_THAT(single.out, Catch::Contains("\"time_us\": " + table.cell(1, "time_us") + ","));
  CHECK_THAT(single.out, Catch::Contains("\"energy_mj\": " + table.cell(1, "energy_mj") + ","));
}

TEST_CASE("a bad row says why, and the others have their results: status 4") {
  const Workspace workspace;
  const Table table = batch(workspace,
                            "id,op,m,n,k,dtype\n"
                            "1,rmsnorm,8,64,,\n"
                            "2,gemm,0,64,64,bfloat16\n"
                            "3,gemn,8,64,64,bfloat16\n"
                            "4,,8,64,64,bfloat16\n"
                            "5,gemm,8,64,,bfloat16\n"
                            "6,gemm,8,64,64,int4\n"
                            "7,gemm,900000000000000,64,64,int8\n"
                            "8,rmsnorm,8,64,,\n");
  CHECK(table.status == kBadInput);
  CHECK(table.err == "reticle: 6 of 8 rows failed; see column `error` of " +
                         (workspace / "out.csv").string() + "\n");
  REQUIRE(table.rows.size() == 9);
  const std::vector<std::string> errors = {
      "",
      "`m`: `0` is out of range (at least 1)",
      "unknown op `gemn` (did you mean `gemm`? ",
      "empty `op` (give --op for rows without one)",
      "missing k (keys: m, n, k, dtype, quantize_a, out_dtype, accumulate)",
      "tensor_gpu: the tensor core has no rate for int4",
      "the operands take 1.764e+08 GB of the 80 GB of h800-sxm",
      ""};
  for (std::size_t i = 0; i < errors.size(); ++i) {
    CHECK(table.cell(i + 1, "id") == std::to_string(i + 1));
    CHECK(table.cell(i + 1, "error").substr(0, errors[i].size()) == errors[i]);
    CHECK(table.cell(i + 1, "error").empty() == errors[i].empty());
    CHECK(table.cell(i + 1, "time_us").empty() == !errors[i].empty());
  }
  CHECK(table.cell(1, "time_us") == table.cell(8, "time_us"));
}

TEST_CASE("keys on the command line fill absent columns and empty cells only") {
  const Workspace workspace;
  const Table filled = batch(workspace, "m,n\n16,\n16,128\n", {"--op", "rmsnorm", "n=4096"});
  const Table written = batch(workspace, "m,n\n16,4096\n16,128\n", {"--op", "rmsnorm"});
  REQUIRE(filled.status == 0);
  CHECK(filled.cell(1, "n").empty());  // the input is carried as it was
  for (const std::size_t row : {1, 2}) {
    CHECK(filled.cell(row, "time_us") == written.cell(row, "time_us"));
  }
  // --op is for rows without one; keys of the other rows' operators are welcome.
  const Table mixed =
      batch(workspace, "op,m,n\n,16,4096\ntopk,16,256\n", {"--op", "rmsnorm", "k=8"});
  CHECK(mixed.status == 0);
  CHECK(mixed.cell(1, "time_us") == written.cell(1, "time_us"));
  CHECK(std::stod(mixed.cell(2, "time_us")) > 0);
}

TEST_CASE("a batch that cannot start says why and writes nothing") {
  const Workspace workspace;
  struct Bad {
    std::string csv;
    std::vector<std::string> more;
    int status;
    std::string message;
  };
  const std::string in = (workspace / "in.csv").string();
  for (const Bad& bad : std::vector<Bad>{
           {"m,n\n1,1\n", {}, 2, in + ": no column `op` (give --op)"},
           {"m,n\n1,1\n",
            {"--op", "rmsnorm", "k=1"},
            2,
            "unknown key `k` (did you mean `m`? keys: dtype, m, n)"},
           {"m,n\n1,1\n", {"--op", "rmsnorm", "m=1", "m=2"}, 2, "key `m` is given twice"},
           {"m,n\n1,1\n", {"--op", "rmsnorm", "m"}, 2, "`m`: not key=value"},
           {"", {"--op", "rmsnorm"}, 4, in + ":1: empty file (a CSV starts with a header line)"},
           {"m,n,m\n1,1,2\n", {"--op", "rmsnorm"}, 4, in + ":1: column `m` is there twice"},
           {"m,n\n1,1\n1,2,3\n",
            {"--op", "rmsnorm"},
            4,
            in + ":3: 3 fields where the header has 2"},
           {"m,n\n1,\"1\n", {"--op", "rmsnorm"}, 4, in + ":2: a quoted field is not closed"}}) {
    const Table table = batch(workspace, bad.csv, bad.more);
    CHECK(table.status == bad.status);
    CHECK(table.err == "reticle: " + bad.message + "\n");
    CHECK(table.rows.empty());
  }
  const Outcome outless = run(workspace, {"kernel", "--chip", "h800-sxm", "--batch", in});
  CHECK(outless.status == 2);
  CHECK(outless.err == "reticle: --batch needs --out OUT.csv\n");
}

TEST_CASE("a header without rows is a batch of none") {
  const Workspace workspace;
  const Table table = batch(workspace, "m,n\n", {"--op", "rmsnorm"});
  CHECK(table.status == 0);
  REQUIRE(table.rows.size() == 1);
  CHECK(table.rows[0].size() == 2 + kOutputs.size());
}

TEST_CASE("a row does not know the other rows, nor the rows' order") {
  const Workspace workspace;
  std::vector<std::string> lines = {"1,gemm,96,512,512,bfloat16", "2,gemm,17,512,300,int8",
                                    "3,rmsnorm,96,7168,,", "4,quantize,96,7168,,int8",
                                    "5,gemm,96,512,512,int8"};
  const std::string header = "id,op,m,n,k,dtype\n";
  const auto table = [&](const std::vector<std::string>& rows) {
    std::string csv = header;
    for (const std::string& row : rows) {
      csv += row + "\n";
    }
    std::vector<CsvRow> found =
        batch(workspace, csv, {"--no-store"}, {"kernel", "--chip", "ascend-910c-die"}).rows;
    std::sort(found.begin() + 1, found.end());
    return found;
  };
  const std::vector<CsvRow> in_order = table(lines);
  REQUIRE(in_order.size() == 6);
  CHECK(table({lines[3], lines[1], lines[4], lines[0], lines[2]}) == in_order);
  CHECK(table({lines[2]})[1] == in_order[3]);
}

TEST_CASE("a batch of collectives") {
  const Workspace workspace;
  const std::vector<std::string> command = {"collective", "--system", "hgx-h800"};
  const Table table =
      batch(workspace,
            "op,ranks,bytes,time_us\nall_reduce,8,1048576,9\nall_reduce,999,1024,9\n"
            "all_reduce,8,2097152,9\n",
            {}, command);
  CHECK(table.status == kBadInput);
  CHECK(table.rows.at(0) == CsvRow{"op", "ranks", "bytes", "in_time_us", "time_us",
                                   "algbw_gb_per_s", "busbw_gb_per_s", "bound_by", "error"});
  CHECK(table.cell(2, "error") ==
        "ranks=999: system `hgx-h800` has 256 (32 nodes x 8 packages x 1 ranks)");
  // nccl-tests: busbw = algbw 2 (n - 1) / n.
  CHECK(std::stod(table.cell(1, "busbw_gb_per_s")) ==
        Approx(std::stod(table.cell(1, "algbw_gb_per_s")) * 1.75).epsilon(1e-8));
  CHECK(std::stod(table.cell(1, "algbw_gb_per_s")) ==
        Approx(1048.576 / std::stod(table.cell(1, "time_us"))).epsilon(1e-8));
  CHECK(std::stod(table.cell(3, "time_us")) > std::stod(table.cell(1, "time_us")));
}

}  // namespace reticle::test
