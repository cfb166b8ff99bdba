#include "workloads/traces/rank_graphs.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <unordered_map>

#include "schema/errors.h"
#include "workloads/traces/topological_order.h"

namespace reticle::traces {
namespace {

constexpr double kPsPerSecond = 1e12;
constexpr std::int64_t kPsPerUs = 1000000;
constexpr std::size_t kCycleShown = 6;

using Groups = std::map<std::string, std::vector<std::int32_t>>;

std::string label(const ChakraNode& node) {
  return "node " + std::to_string(node.id) + (node.name.empty() ? "" : " (" + node.name + ")");
}

[[noreturn]] void refuse(const ChakraTrace& trace, const std::string& what) {
  throw InputError(trace.path.string() + ": " + what);
}

Groups read_groups(const std::filesystem::path& path, std::size_t ranks) {
  Groups out;
  std::ifstream in(path);
  const nlohmann::json document = nlohmann::json::parse(in, nullptr, false);
  const auto wrong = [&] {
    throw InputError(path.string() +
                     ": not of the form {\"name\": [ranks, ...], ...} with ranks below " +
                     std::to_string(ranks));
  };
  if (!document.is_object()) {
    wrong();
  }
  for (const auto& [name, members] : document.items()) {
    std::set<std::int32_t> group;
    for (const auto& member : members) {
      if (!member.is_number_unsigned() || member.get<std::uint64_t>() >= ranks) {
        wrong();
      }
      group.insert(member.get<std::int32_t>());
    }
    out[name].assign(group.begin(), group.end());
  }
  return out;
}

// Who calls collectives of a name is in its group.
Groups infer_groups(const std::vector<ChakraTrace>& traces) {
  Groups out;
  for (std::size_t rank = 0; rank < traces.size(); ++rank) {
    for (const ChakraNode& node : traces[rank].nodes) {
      if (node.type == chakra::COMM_COLL_NODE && !node.process_group.empty()) {
        std::vector<std::int32_t>& group = out[node.process_group];
        if (group.empty() || group.back() != static_cast<std::int32_t>(rank)) {
          group.push_back(static_cast<std::int32_t>(rank));
        }
      }
    }
  }
  return out;
}

class Converter {
 public:
  Converter(const std::vector<ChakraTrace>& traces, const ComputeRate& rate)
      : traces_(traces), rate_(rate) {
    const auto file = traces.front().path.parent_path() / "comm_group.json";
    const Groups groups =
        std::filesystem::exists(file) ? read_groups(file, traces.size()) : infer_groups(traces);
    std::vector<std::int32_t> all(traces.size());
    for (std::size_t rank = 0; rank < all.size(); ++rank) {
      all[rank] = static_cast<std::int32_t>(rank);
    }
    out_.graphs.groups.push_back(all);
    for (const auto& [name, members] : groups) {
      group_ids_[name] = static_cast<std::uint32_t>(out_.graphs.groups.size());
      out_.graphs.groups.push_back(members);
    }
  }

  ChakraGraphs run() {
    for (const ChakraTrace& trace : traces_) {
      out_.graphs.ranks.push_back(graph(trace));
    }
    return std::move(out_);
  }

 private:
  RankGraph graph(const ChakraTrace& trace) {
    const std::vector<std::vector<std::uint32_t>> waits_for = dependencies(trace);
    const TopologicalOrder order = topological_order(waits_for);
    if (!order.cycle.empty()) {
      refuse_cycle(trace, order.cycle);
    }
    std::vector<std::uint32_t> place(trace.nodes.size());
    RankGraph out;
    for (const std::uint32_t from : order.order) {
      place[from] = static_cast<std::uint32_t>(out.nodes.size());
      GraphNode node = convert(trace, trace.nodes[from]);
      node.first_dependency = static_cast<std::uint32_t>(out.dependencies.size());
      for (const std::uint32_t other : waits_for[from]) {
        out.dependencies.push_back(place[other]);
      }
      node.dependencies = static_cast<std::uint32_t>(waits_for[from].size());
      out.nodes.push_back(node);
    }
    return out;
  }

  static std::vector<std::vector<std::uint32_t>> dependencies(const ChakraTrace& trace) {
    std::unordered_map<std::uint64_t, std::uint32_t> index;
    for (std::uint32_t i = 0; i < trace.nodes.size(); ++i) {
      index[trace.nodes[i].id] = i;
    }
    std::vector<std::vector<std::uint32_t>> out(trace.nodes.size());
    for (std::size_t i = 0; i < trace.nodes.size(); ++i) {
      for (const std::uint64_t id : trace.nodes[i].dependencies) {
        const auto known = index.find(id);
        if (known == index.end()) {
          refuse(trace, label(trace.nodes[i]) + " waits for node " + std::to_string(id) +
                            ", which the trace does not have");
        }
        out[i].push_back(known->second);
      }
      std::sort(out[i].begin(), out[i].end());
      out[i].erase(std::unique(out[i].begin(), out[i].end()), out[i].end());
    }
    return out;
  }

  [[noreturn]] static void refuse_cycle(const ChakraTrace& trace,
                                        const std::vector<std::uint32_t>& cycle) {
    std::string text;
    for (std::size_t i = 0; i < std::min(cycle.size(), kCycleShown); ++i) {
      text += label(trace.nodes[cycle[i]]) + " waits for ";
    }
    text += cycle.size() > kCycleShown ? "... waits for " : "";
    refuse(trace, "nodes wait for each other: " + text + label(trace.nodes[cycle.front()]));
  }

  GraphNode convert(const ChakraTrace& trace, const ChakraNode& node) {
    GraphNode out;
    out.name = name_id(node.name);
    switch (node.type) {
      case chakra::COMM_COLL_NODE:
        collective(trace, node, out);
        break;
      case chakra::COMM_SEND_NODE:
      case chakra::COMM_RECV_NODE:
        pair(trace, node, out);
        break;
      case chakra::COMP_NODE:
      case chakra::MEM_LOAD_NODE:
      case chakra::MEM_STORE_NODE:
        if (!node.is_cpu_op) {
          ++out_.compute_nodes;
          out.duration_ps = duration_ps(trace, node);
          break;
        }
        [[fallthrough]];
      default:
        ++out_.timeless_nodes;
    }
    return out;
  }

  std::int64_t duration_ps(const ChakraTrace& trace, const ChakraNode& node) {
    if (node.exact_ps >= 0) {
      return node.exact_ps;
    }
    if (node.duration_us > 0) {
      if (node.duration_us > std::numeric_limits<std::int64_t>::max() / kPsPerUs / 4) {
        refuse(trace, label(node) + " takes " + std::to_string(node.duration_us) +
                          " us, more than a trace can hold");
      }
      return static_cast<std::int64_t>(node.duration_us) * kPsPerUs;
    }
    if (node.num_ops < 0 || node.tensor_size < 0) {
      refuse(trace, label(node) + ": num_ops or tensor_size is negative");
    }
    if (node.num_ops == 0 && node.tensor_size == 0) {
      return 0;
    }
    if (rate_.operations_per_s <= 0 || rate_.bytes_per_s <= 0) {
      refuse(trace, label(node) + " has operations but no time (name a --system)");
    }
    ++out_.roofline_nodes;
    const double seconds = std::max(static_cast<double>(node.num_ops) / rate_.operations_per_s,
                                    static_cast<double>(node.tensor_size) / rate_.bytes_per_s);
    return static_cast<std::int64_t>(std::llround(seconds * kPsPerSecond));
  }

  void collective(const ChakraTrace& trace, const ChakraNode& node, GraphNode& out) {
    ++out_.collective_nodes;
    out.work = Work::kCollective;
    out.bytes = node.comm_size;
    const auto group = group_ids_.find(node.process_group);
    if (!node.process_group.empty() && group == group_ids_.end()) {
      refuse(trace, label(node) + ": comm_group.json has no group " + node.process_group);
    }
    out.group = node.process_group.empty() ? 0 : group->second;
    const auto members = static_cast<std::int64_t>(out_.graphs.groups[out.group].size());
    if (node.comm_size < 0 || node.comm_size > std::numeric_limits<std::int64_t>::max() / members) {
      refuse(trace, label(node) + ": comm_size " + std::to_string(node.comm_size));
    }
    switch (node.comm_type) {
      case chakra::ALL_REDUCE:
        out.comm = CommType::kAllReduce;
        break;
      case chakra::ALL_GATHER:  // Chakra counts one rank's share
        out.comm = CommType::kAllGather;
        out.bytes *= members;
        break;
      case chakra::REDUCE_SCATTER:
      case chakra::REDUCE_SCATTER_BLOCK:
        out.comm = CommType::kReduceScatter;
        break;
      case chakra::ALL_TO_ALL:
        out.comm = CommType::kAllToAll;
        break;
      case chakra::BARRIER:
        out.comm = CommType::kBarrier;
        break;
      default:
        refuse(trace, label(node) + ": collective type " + std::to_string(node.comm_type) +
                          " is not modelled (all_reduce 0, all_gather 2, all_to_all 6, "
                          "reduce_scatter 7 and 8, barrier 9 are)");
    }
  }

  void pair(const ChakraTrace& trace, const ChakraNode& node, GraphNode& out) {
    ++out_.pair_nodes;
    const bool send = node.type == chakra::COMM_SEND_NODE;
    const std::int64_t peer = send ? node.comm_dst : node.comm_src;
    if (peer < 0 || peer >= static_cast<std::int64_t>(traces_.size())) {
      refuse(trace, label(node) + (send ? ": comm_dst " : ": comm_src ") + std::to_string(peer) +
                        " is none of the " + std::to_string(traces_.size()) + " ranks");
    }
    if (node.comm_size < 0) {
      refuse(trace, label(node) + ": comm_size " + std::to_string(node.comm_size));
    }
    out.work = send ? Work::kSend : Work::kReceive;
    out.peer = static_cast<std::int32_t>(peer);
    out.tag = static_cast<std::int32_t>(node.comm_tag);
    out.bytes = node.comm_size;
  }

  std::uint32_t name_id(const std::string& name) {
    const auto [known, added] =
        names_.emplace(name, static_cast<std::uint32_t>(out_.graphs.names.size()));
    if (added) {
      out_.graphs.names.push_back(name);
    }
    return known->second;
  }

  const std::vector<ChakraTrace>& traces_;
  ComputeRate rate_;
  ChakraGraphs out_;
  std::unordered_map<std::string, std::uint32_t> group_ids_;
  std::unordered_map<std::string, std::uint32_t> names_;
};

}  // namespace

ChakraGraphs rank_graphs(const std::vector<ChakraTrace>& traces, const ComputeRate& rate) {
  return Converter(traces, rate).run();
}

}  // namespace reticle::traces
