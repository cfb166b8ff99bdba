#include "models/systems/meetings.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "schema/errors.h"

namespace reticle::systems {
namespace {

std::string text(std::int64_t number) { return std::to_string(number); }

class Matching {
 public:
  Matching(const RankGraphs& graphs, const std::string& where) : graphs_(graphs), where_(where) {}

  Meetings run() {
    check_groups();
    for (std::uint32_t rank = 0; rank < graphs_.ranks.size(); ++rank) {
      const std::vector<GraphNode>& nodes = graphs_.ranks[rank].nodes;
      out_.of_node.emplace_back(nodes.size(), kNoMeeting);
      std::map<std::uint32_t, std::size_t> seen;  // collectives of a group so far
      for (std::uint32_t node = 0; node < nodes.size(); ++node) {
        if (nodes[node].work == Work::kCollective) {
          place_collective({rank, node}, nodes[node], seen[nodes[node].group]++);
        } else if (nodes[node].work != Work::kCompute) {
          place_message({rank, node}, nodes[node]);
        }
      }
    }
    check_complete();
    return std::move(out_);
  }

 private:
  [[noreturn]] void refuse(const NodeOfRank& at, const std::string& what) const {
    const GraphNode& node = graphs_.ranks[at.rank].nodes[at.node];
    const std::string name = node.name < graphs_.names.size() ? graphs_.names[node.name] : "";
    throw InputError(where_ + ": rank " + text(at.rank) + ", node " + text(at.node) +
                     (name.empty() ? "" : " (" + name + ")") + ": " + what);
  }

  void check_groups() const {
    const auto ranks = static_cast<std::int32_t>(graphs_.ranks.size());
    for (std::size_t group = 0; group < graphs_.groups.size(); ++group) {
      const std::vector<std::int32_t>& members = graphs_.groups[group];
      for (std::size_t i = 0; i < members.size(); ++i) {
        if (members[i] < 0 || members[i] >= ranks || (i > 0 && members[i] <= members[i - 1])) {
          throw InputError(where_ + ": group " + text(static_cast<std::int64_t>(group)) +
                           ": rank " + text(members[i]) + " is not one of the " + text(ranks) +
                           ", or not in ascending order");
        }
      }
    }
  }

  void place_collective(NodeOfRank at, const GraphNode& node, std::size_t nth) {
    if (node.group >= graphs_.groups.size()) {
      refuse(at, "its group " + text(node.group) + " is not defined");
    }
    const std::vector<std::int32_t>& members = graphs_.groups[node.group];
    if (!std::binary_search(members.begin(), members.end(), static_cast<std::int32_t>(at.rank))) {
      refuse(at, "the rank is not in the collective's group");
    }
    std::vector<std::uint32_t>& of_group = of_group_[node.group];
    if (nth == of_group.size()) {
      of_group.push_back(static_cast<std::uint32_t>(out_.all.size()));
      out_.all.push_back({Work::kCollective, node.comm, node.group, node.bytes, {}});
    }
    Meeting& meeting = out_.all[of_group[nth]];
    if (meeting.comm != node.comm || meeting.bytes != node.bytes) {
      const NodeOfRank& first = meeting.members.front();
      refuse(at, "it is not the collective of rank " + text(first.rank) + ", node " +
                     text(first.node) + ", which it meets: type or bytes differ");
    }
    meeting.members.push_back(at);
    out_.of_node[at.rank][at.node] = of_group[nth];
  }

  void place_message(NodeOfRank at, const GraphNode& node) {
    const bool sends = node.work == Work::kSend;
    if (node.peer < 0 || node.peer >= static_cast<std::int32_t>(graphs_.ranks.size()) ||
        node.peer == static_cast<std::int32_t>(at.rank)) {
      refuse(at, "its peer " + text(node.peer) + " is not another rank");
    }
    const auto peer = static_cast<std::uint32_t>(node.peer);
    const Channel channel =
        sends ? Channel{at.rank, peer, node.tag} : Channel{peer, at.rank, node.tag};
    std::vector<NodeOfRank>& mine = sends ? ends_[channel].sends : ends_[channel].receives;
    mine.push_back(at);
  }

  void check_complete() {
    for (const Meeting& meeting : out_.all) {
      const std::size_t expected = graphs_.groups[meeting.group].size();
      if (meeting.members.size() != expected) {
        refuse(meeting.members.front(),
               "only " + text(count(meeting.members)) + " of the group's " +
                   text(static_cast<std::int64_t>(expected)) + " ranks have this collective");
      }
    }
    for (const auto& [channel, ends] : ends_) {
      const std::size_t pairs = std::min(ends.sends.size(), ends.receives.size());
      if (ends.sends.size() != ends.receives.size()) {
        const bool lone_send = ends.sends.size() > pairs;
        refuse(lone_send ? ends.sends[pairs] : ends.receives[pairs],
               lone_send ? "nobody receives it" : "nobody sends it");
      }
      for (std::size_t i = 0; i < pairs; ++i) {
        pair(ends.sends[i], ends.receives[i]);
      }
    }
  }

  void pair(NodeOfRank send, NodeOfRank receive) {
    const auto index = static_cast<std::uint32_t>(out_.all.size());
    const GraphNode& node = graphs_.ranks[send.rank].nodes[send.node];
    out_.all.push_back({Work::kSend, CommType::kSendReceive, 0, node.bytes, {send, receive}});
    out_.of_node[send.rank][send.node] = index;
    out_.of_node[receive.rank][receive.node] = index;
  }

  static std::int64_t count(const std::vector<NodeOfRank>& members) {
    return static_cast<std::int64_t>(members.size());
  }

  using Channel = std::tuple<std::uint32_t, std::uint32_t, std::int32_t>;  // from, to, tag
  struct Ends {
    std::vector<NodeOfRank> sends;
    std::vector<NodeOfRank> receives;
  };

  const RankGraphs& graphs_;
  const std::string& where_;
  std::map<std::uint32_t, std::vector<std::uint32_t>> of_group_;  // group -> meetings in order
  std::map<Channel, Ends> ends_;
  Meetings out_;
};

}  // namespace

Meetings meetings(const RankGraphs& graphs, const std::string& where) {
  return Matching(graphs, where).run();
}

}  // namespace reticle::systems
