#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gui/model/flow_index.h"
#include "gui/model/trace_data.h"
#include "workloads/traces/launch_graph.h"
#include "workloads/traces/recording.h"

namespace reticle::gui {

// Why a stream did nothing for a while.
enum class WaitReason {
  kCommunication,  // a transfer, or a kernel that waits for other ranks, was not finished
  kCompute,        // a kernel of another stream was not finished
  kHost,           // it had not been launched yet
  kLaunch,         // all it waited for had ended: what a launch takes
};
constexpr std::size_t kWaitReasons = 4;
const char* reason_name(WaitReason reason);

struct Gap {
  TimeRange range;
  WaitReason reason = WaitReason::kLaunch;
  std::optional<SliceKey> holder;  // what was waited for
};

// A slice of the critical path, and the part of it that no earlier one of the path covers.
struct PathPart {
  SliceKey slice;
  TimeRange range;
};

// Who waited for whom. The critical path leads from the slice that ended last back through what
// each one waited for last; parts are in order of time and do not overlap.
struct Causes {
  std::vector<std::vector<Gap>> gaps;  // by lane, in order of time
  std::vector<PathPart> path;
};

// From flows (a slice starts after those that lead to it have ended) and the order in lanes, of
// streams and units, outermost slices.
Causes causes_from_flows(const Contents& contents, const FlowIndex& flows);

// From a profile's launch graph (workloads/traces). `keys`: where each slice of the recording is.
Causes causes_from_launches(const Contents& contents, const traces::Recording& recording,
                            const traces::LaunchGraph& graph, const std::vector<SliceKey>& keys);

// What bound each moment: the parts of the critical path, each under the resource that bound its
// slice (argument bound_by), or else under the slice's class; "host" for calls of the host and what
// lies before them, "launch" where else nothing of it ran.
struct BoundPart {
  TimeRange range;
  std::string what;
};
std::vector<BoundPart> bound_parts(const Contents& contents, const Causes& causes);

// Shares of `range` by what bound it, largest first.
std::vector<std::pair<std::string, std::int64_t>> bound_totals(const std::vector<BoundPart>& parts,
                                                               const TimeRange& range);

// Moves data between ranks, or waits for them: by its payload_bytes, else by its name.
bool is_communication(const Contents& contents, const SliceKey& key);

}  // namespace reticle::gui
