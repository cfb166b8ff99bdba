#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace reticle {

// What a rank-level replay runs: for every rank the operators it executes and what each waits for.
// Plain data between workloads/traces, which reads it from a trace, and models/systems/replay.h,
// which runs it: neither room may see the other.

enum class Work { kCompute, kCollective, kSend, kReceive };

// The collectives that the fabric models. kBarrier moves no bytes; in kSendReceive every rank sends
// to the next.
enum class CommType { kAllReduce, kAllGather, kReduceScatter, kAllToAll, kSendReceive, kBarrier };

struct GraphNode {
  Work work = Work::kCompute;
  CommType comm = CommType::kAllReduce;  // of a collective
  std::uint32_t name = 0;                // in RankGraphs::names
  std::uint32_t group = 0;               // of a collective, in RankGraphs::groups
  std::int32_t peer = 0;                 // rank that a send goes to or a receive comes from
  std::int32_t tag = 0;                  // pairs a send with its receive, in order of appearance
  std::uint32_t first_dependency = 0;    // in RankGraph::dependencies
  std::uint32_t dependencies = 0;
  std::int64_t duration_ps = 0;  // of compute
  // Of communication, as nccl-tests counts: all_reduce and send the buffer, all_gather the whole
  // gathered output, reduce_scatter the whole input, all_to_all the whole send buffer of a rank.
  // (Chakra's comm_size of an all-gather is one rank's shard: multiply by the size of the group.)
  std::int64_t bytes = 0;
};

// One rank's nodes in the order they were recorded. Compute nodes run one at a time, in the order
// they become ready (the earlier recorded first); communication runs beside them. The n-th
// collective of a group on one rank meets the n-th of that group on every other.
struct RankGraph {
  std::vector<GraphNode> nodes;
  std::vector<std::uint32_t> dependencies;  // indices into `nodes`
};

struct RankGraphs {
  std::vector<std::string> names;
  std::vector<std::vector<std::int32_t>> groups;  // ranks of a collective, ascending
  std::vector<RankGraph> ranks;
};

}  // namespace reticle
