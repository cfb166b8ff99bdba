#include "workloads/traces/chakra.h"

#include <catch2/catch.hpp>

#include "schema/errors.h"
#include "tests/workloads/traces/support.h"
#include "workloads/traces/rank_graphs.h"

namespace reticle::traces {

using test::bytes_of;
using test::error_of;
using test::Folder;

namespace {

ChakraNode node(std::uint64_t id, chakra::NodeType type, std::vector<std::uint64_t> after = {}) {
  ChakraNode out;
  out.id = id;
  out.name = "n" + std::to_string(id);
  out.type = type;
  out.dependencies = std::move(after);
  return out;
}

ChakraNode compute(std::uint64_t id, std::uint64_t us, std::vector<std::uint64_t> after = {}) {
  ChakraNode out = node(id, chakra::COMP_NODE, std::move(after));
  out.duration_us = us;
  return out;
}

ChakraNode collective(std::uint64_t id, chakra::CollectiveType type, std::int64_t bytes) {
  ChakraNode out = node(id, chakra::COMM_COLL_NODE);
  out.comm_type = type;
  out.comm_size = bytes;
  return out;
}

ChakraTrace trace(std::vector<ChakraNode> nodes, const std::string& name = "t.0.et") {
  return {name, "0.0.4", std::move(nodes)};
}

std::string refusal(const std::vector<ChakraTrace>& traces, const ComputeRate& rate = {}) {
  return error_of<InputError>([&] { rank_graphs(traces, rate); });
}

}  // namespace

TEST_CASE("what is written is read back equal") {
  const Folder folder;
  ChakraTrace out = trace({compute(7, 12), collective(3, chakra::ALL_GATHER, 1 << 20),
                           node(9, chakra::COMM_SEND_NODE, {7, 3})});
  out.nodes[1].process_group = "4";
  out.nodes[2].comm_dst = 5;
  out.nodes[2].comm_tag = 2;
  out.nodes[2].comm_size = 77;
  out.nodes[0].num_ops = 1000;
  out.nodes[0].tensor_size = 64;
  out.nodes[0].exact_ps = 12000345;
  out.nodes[0].stream = "stream 7";
  write_chakra(out, folder / "t.0.et");
  const ChakraTrace in = read_chakra(folder / "t.0.et");
  CHECK(in.version == "0.0.4");
  CHECK(in.nodes == out.nodes);
}

TEST_CASE("names are bytes: what is not UTF-8 is read, kept and run") {
  const Folder folder;
  ChakraTrace out = trace({compute(1, 12), collective(2, chakra::ALL_REDUCE, 1 << 20)});
  out.nodes[0].name = "\xff\xfe kernel";
  out.nodes[1].process_group = "\xc3";
  write_chakra(out, folder / "t.0.et");
  const ChakraTrace in = read_chakra(folder / "t.0.et");
  CHECK(in.nodes == out.nodes);
  CHECK_NOTHROW(rank_graphs({in}, {}));
}

TEST_CASE("the bytes of ASTRA-sim's sample") {
  // examples/workload/microbenchmarks/all_reduce/8npus_1MB/all_reduce.0.et of astra-sim 518bd513
  // (MIT).
  const std::string bytes(
      "\x07\x0a\x05\x30\x2e\x30\x2e\x34\x48\x12\x14"
      "all_reduce_8npus_1MB\x18\x07"
      "R\x0e\x0a\x09"
      "is_cpu_op"
      "\xd8\x01\x00R\x0d\x0a\x09"
      "comm_typeH\x00R\x0f\x0a\x09"
      "comm_sizeH\x80\x80\x40",
      81);
  const Folder folder;
  const ChakraTrace in = read_chakra(folder.write("a.0.et", bytes));
  REQUIRE(in.nodes.size() == 1);
  CHECK(in.nodes[0].name == "all_reduce_8npus_1MB");
  CHECK(in.nodes[0].type == chakra::COMM_COLL_NODE);
  CHECK(in.nodes[0].comm_type == chakra::ALL_REDUCE);
  CHECK(in.nodes[0].comm_size == 1048576);
  write_chakra(in, folder / "b.0.et");
  CHECK(read_chakra(folder / "b.0.et").nodes == in.nodes);
}

TEST_CASE("a file cut at any byte is refused, or ends between two messages") {
  const Folder folder;
  write_chakra(trace({compute(1, 2), compute(2, 3, {1})}), folder / "t.0.et");
  const std::string whole = bytes_of(folder / "t.0.et");
  std::size_t read = 0;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto path = folder.write("cut.0.et", whole.substr(0, size));
    try {
      read += read_chakra(path).nodes.size();
    } catch (const InputError&) {
    }
  }
  CHECK(read == 1);  // the one cut after the first node
}

TEST_CASE("lengths that lie are refused before anything is allocated") {
  const Folder folder;
  const auto refused = [&](const std::string& bytes) {
    return error_of<InputError>([&] { read_chakra(folder.write("x.0.et", bytes)); });
  };
  CHECK_THAT(refused("\xff\xff\xff\xff\x07"),
             Catch::Contains("byte 0: a message of 2147483647 bytes"));
  CHECK_THAT(refused("\x10"
                     "abc"),
             Catch::Contains("byte 0: a message of 16 bytes, but the file ends after 3"));
  CHECK_THAT(refused(std::string(20, '\xff')), Catch::Contains("byte 0: no length of a message"));
  CHECK_THAT(refused(std::string("\x00", 1)), Catch::Contains("the trace has no nodes"));
  CHECK_THAT(refused(std::string("\x00\x02\x08\x01\x02\x08\x01", 7)),
             Catch::Contains("byte 4: node 1 is given twice"));
}

TEST_CASE("the files of a directory are the ranks of one run") {
  const Folder folder;
  CHECK_THAT(error_of<InputError>([&] { chakra_files(folder / "."); }),
             Catch::Contains("no Chakra trace"));
  folder.write("t.0.et", "x");
  folder.write("t.2.et", "x");
  CHECK_THAT(error_of<InputError>([&] { chakra_files(folder / "."); }),
             Catch::Contains("t.1.et is missing"));
  folder.write("t.1.et", "x");
  folder.write("comm_group.json", "{}");
  CHECK(chakra_files(folder / ".").size() == 3);
  folder.write("u.3.et", "x");
  CHECK_THAT(error_of<InputError>([&] { chakra_files(folder / "."); }),
             Catch::Contains("traces of two runs, t and u"));
}

TEST_CASE("nodes come out after what they wait for, else as in the file") {
  const ChakraGraphs out =
      rank_graphs({trace({compute(5, 1, {6}), compute(6, 2), compute(4, 3, {5, 6})})}, {});
  const RankGraph& graph = out.graphs.ranks[0];
  REQUIRE(graph.nodes.size() == 3);
  CHECK(graph.nodes[0].duration_ps == 2000000);
  CHECK(graph.nodes[1].duration_ps == 1000000);
  CHECK(graph.nodes[2].dependencies == 2);
  CHECK(graph.dependencies == std::vector<std::uint32_t>{0, 1, 0});
}

TEST_CASE("cycles and lost dependencies name the nodes") {
  CHECK(
      refusal({trace({compute(1, 1, {3}), compute(2, 1, {1}), compute(3, 1, {2})})}) ==
      "t.0.et: nodes wait for each other: node 1 (n1) waits for node 3 (n3) waits for node 2 (n2) "
      "waits for node 1 (n1)");
  CHECK(refusal({trace({compute(1, 1, {1})})}) ==
        "t.0.et: nodes wait for each other: node 1 (n1) waits for node 1 (n1)");
  CHECK(refusal({trace({compute(1, 1, {42})})}) ==
        "t.0.et: node 1 (n1) waits for node 42, which the trace does not have");
}

TEST_CASE("compute takes its recorded time, or the longer of operations and bytes") {
  ChakraNode work = node(1, chakra::COMP_NODE);
  work.num_ops = 2000;
  work.tensor_size = 10;
  CHECK_THAT(refusal({trace({work})}), Catch::Contains("has operations but no time"));
  const auto ps = [&](const ComputeRate& rate) {
    return rank_graphs({trace({work})}, rate).graphs.ranks[0].nodes[0].duration_ps;
  };
  CHECK(ps({1e12, 1e12}) == 2000);
  CHECK(ps({1e12, 1e9}) == 10000);
  work.duration_us = 5;
  CHECK(ps({1e12, 1e9}) == 5000000);
  work.is_cpu_op = true;
  CHECK(ps({1e12, 1e9}) == 0);
  work.is_cpu_op = false;
  work.duration_us = std::uint64_t{1} << 60;
  CHECK_THAT(refusal({trace({work})}), Catch::Contains("more than a trace can hold"));
}

TEST_CASE("sizes of collectives are counted as nccl-tests does") {
  std::vector<ChakraTrace> two;
  for (int rank = 0; rank < 2; ++rank) {
    two.push_back(
        trace({collective(1, chakra::ALL_GATHER, 100), collective(2, chakra::REDUCE_SCATTER, 100),
               collective(3, chakra::BARRIER, 0)}));
  }
  const RankGraph graph = rank_graphs(two, {}).graphs.ranks[1];
  CHECK(graph.nodes[0].bytes == 200);  // Chakra's is one rank's share
  CHECK(graph.nodes[1].bytes == 100);
  CHECK(graph.nodes[2].comm == CommType::kBarrier);
  two[0].nodes[0].comm_type = chakra::BROADCAST;
  CHECK_THAT(refusal(two), Catch::Contains("collective type 5 is not modelled"));
}

TEST_CASE("a process group is who calls its collectives, or what comm_group.json says") {
  const Folder folder;
  std::vector<ChakraTrace> four;
  for (int rank = 0; rank < 4; ++rank) {
    four.push_back(trace({collective(1, chakra::ALL_REDUCE, 8)}, (folder / "t.0.et").string()));
    four.back().nodes[0].process_group = rank < 2 ? "low" : "high";
  }
  const ChakraGraphs inferred = rank_graphs(four, {});
  CHECK(inferred.graphs.groups[inferred.graphs.ranks[3].nodes[0].group] ==
        std::vector<std::int32_t>{2, 3});
  folder.write("comm_group.json", R"({"low": [1, 0], "high": [2, 3, 1]})");
  const ChakraGraphs read = rank_graphs(four, {});
  CHECK(read.graphs.groups[read.graphs.ranks[3].nodes[0].group] ==
        std::vector<std::int32_t>{1, 2, 3});
  folder.write("comm_group.json", R"({"low": [9]})");
  CHECK_THAT(refusal(four), Catch::Contains("with ranks below 4"));
}

TEST_CASE("peers are ranks of the trace") {
  ChakraNode send = node(1, chakra::COMM_SEND_NODE);
  send.comm_dst = 2;
  CHECK_THAT(refusal({trace({send})}), Catch::Contains("comm_dst 2 is none of the 1 ranks"));
}

}  // namespace reticle::traces
