#include <map>
#include <string>

#include "study/trace/recording_files.h"
#include "workloads/traces/launch_graph.h"

namespace reticle::study {
namespace {

using traces::ChakraNode;
using traces::Details;
using traces::kNone;
using traces::Recording;

constexpr std::int64_t kPsPerUs = 1000000;

// PyTorch's names of collectives, as it annotates NCCL kernels.
const std::map<std::string, chakra::CollectiveType>& collectives() {
  static const std::map<std::string, chakra::CollectiveType> kTypes = {
      {"allreduce", chakra::ALL_REDUCE},
      {"_allgather_base", chakra::ALL_GATHER},
      {"allgather", chakra::ALL_GATHER},
      {"all_gather", chakra::ALL_GATHER},
      {"_reduce_scatter_base", chakra::REDUCE_SCATTER},
      {"reduce_scatter", chakra::REDUCE_SCATTER},
      {"all_to_all", chakra::ALL_TO_ALL},
      {"all_to_allv", chakra::ALL_TO_ALL},
      {"barrier", chakra::BARRIER}};
  return kTypes;
}

std::int64_t element_bytes(const std::string& dtype) {
  const std::map<std::string, std::int64_t> kBytes = {
      {"Byte", 1}, {"Char", 1}, {"Bool", 1},  {"Float8_e4m3fn", 1}, {"BFloat16", 2},
      {"Half", 2}, {"Int", 4},  {"Float", 4}, {"Long", 8},          {"Double", 8}};
  const auto known = kBytes.find(dtype);
  return known == kBytes.end() ? 0 : known->second;
}

void describe(const Recording& recording, std::size_t slice, ChakraNode& node) {
  const Details& d = recording.details[recording.slices.details[slice]];
  const auto type = collectives().find(recording.strings.text(d.collective));
  const std::int64_t bytes = element_bytes(recording.strings.text(d.dtype));
  node.type = chakra::COMP_NODE;
  if (type != collectives().end() && bytes > 0) {
    node.type = chakra::COMM_COLL_NODE;
    node.comm_type = type->second;
    node.comm_size = static_cast<std::int64_t>(d.in_elements) * bytes;
    node.process_group = recording.strings.text(d.process_group);
  }
}

}  // namespace

traces::ChakraTrace to_chakra(const Recording& recording) {
  const traces::LaunchGraph graph = traces::launch_graph(recording);
  traces::ChakraTrace out;
  out.version = "0.0.4";
  for (std::uint32_t i = 0; i < graph.tasks.size(); ++i) {
    const traces::LaunchTask& task = graph.tasks[i];
    ChakraNode node;
    node.id = i + 1;
    node.name = recording.name(task.slice);
    node.is_cpu_op = !task.device;
    node.start_us = static_cast<std::uint64_t>(recording.slices.start_ps[task.slice] / kPsPerUs);
    node.exact_ps = recording.slices.duration_ps[task.slice];
    node.duration_us = static_cast<std::uint64_t>((node.exact_ps + kPsPerUs / 2) / kPsPerUs);
    node.stream = recording.tracks[graph.lanes[task.lane]].name;
    describe(recording, task.slice, node);
    for (const std::uint32_t other : {task.before, task.launch}) {
      if (other != kNone) {
        node.dependencies.push_back(other + 1);
      }
    }
    for (std::uint32_t w = 0; w < task.waits; ++w) {
      const std::uint32_t other = graph.waits[task.first_wait + w];
      if (other != task.before && other != task.launch) {
        node.dependencies.push_back(other + 1);
      }
    }
    out.nodes.push_back(node);
  }
  return out;
}

}  // namespace reticle::study
