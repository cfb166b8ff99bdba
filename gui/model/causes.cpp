#include "gui/model/causes.h"

#include <algorithm>
#include <array>
#include <map>

#include "gui/model/slice_args.h"
#include "workloads/traces/kernel_class.h"

namespace reticle::gui {
namespace {

using traces::Category;

bool runs_kernels(rtrace::TrackKind kind) {
  return kind == rtrace::TRACK_KIND_STREAM || kind == rtrace::TRACK_KIND_UNIT ||
         kind == rtrace::TRACK_KIND_CORE;
}

bool on_host(rtrace::TrackKind kind) {
  return kind == rtrace::TRACK_KIND_THREAD || kind == rtrace::TRACK_KIND_HOST;
}

class FromFlows {
 public:
  FromFlows(const Contents& contents, const FlowIndex& flows)
      : contents_(contents), flows_(flows) {}

  Causes run() {
    out_.gaps.resize(contents_.data.lanes.size());
    std::optional<SliceKey> last;
    for (std::size_t at = 0; at < contents_.data.lanes.size(); ++at) {
      const Lane& lane = contents_.data.lanes[at];
      if (contents_.index.depth(at) > 0 || !runs_kernels(contents_.track(at).kind) ||
          lane.size() == 0) {
        continue;
      }
      gaps(at);
      if (!last || lane.last_ps() > end(*last)) {
        last = SliceKey{at, lane.size() - 1};
      }
    }
    walk_back(last);
    return std::move(out_);
  }

 private:
  std::int64_t start(const SliceKey& key) const {
    return contents_.data.lanes[key.lane].start_ps(key.slice);
  }
  std::int64_t end(const SliceKey& key) const {
    return contents_.data.lanes[key.lane].end_ps(key.slice);
  }

  // What a slice waited for last, of those that lead to it and the one before it in its lane. A
  // launching call may go on after what it launched has started.
  std::optional<SliceKey> holder(const SliceKey& key) const {
    std::optional<SliceKey> found;
    std::int64_t until = 0;
    if (key.slice > 0) {
      found = SliceKey{key.lane, key.slice - 1};
      until = end(*found);
    }
    for (const FlowIndex::Link& link : flows_.to(key)) {
      const std::int64_t released = std::min(end(link.from), start(key));
      if (start(link.from) < start(key) && (!found || released > until)) {
        found = link.from;
        until = released;
      }
    }
    return found;
  }

  void gaps(std::size_t at) {
    const Lane& lane = contents_.data.lanes[at];
    for (std::size_t i = 1; i < lane.size(); ++i) {
      if (lane.start_ps(i) > lane.end_ps(i - 1)) {
        add_gap({at, i}, lane.end_ps(i - 1));
      }
    }
  }

  // Idle from `from` to the start of `key`: first it waits for its holder, then for its launch.
  void add_gap(const SliceKey& key, std::int64_t from) {
    const std::optional<SliceKey> held = holder(key);
    std::vector<Gap>& gaps = out_.gaps[key.lane];
    std::int64_t until = from;
    if (held && held->lane != key.lane) {
      const bool host = on_host(contents_.track(held->lane).kind);
      until = host ? start(*held) : end(*held);
      until = std::clamp(until, from, start(key));
      const WaitReason reason = host                                 ? WaitReason::kHost
                                : is_communication(contents_, *held) ? WaitReason::kCommunication
                                                                     : WaitReason::kCompute;
      if (until > from) {
        gaps.push_back({{from, until}, reason, held});
      }
    }
    if (start(key) > until) {
      gaps.push_back({{until, start(key)}, WaitReason::kLaunch, held});
    }
  }

  void walk_back(std::optional<SliceKey> at) {
    while (at) {
      const std::optional<SliceKey> before = holder(*at);
      const std::int64_t from =
          before ? std::max(start(*at), std::min(end(*before), end(*at))) : start(*at);
      out_.path.push_back({*at, {from, end(*at)}});
      at = before;
    }
    std::reverse(out_.path.begin(), out_.path.end());
    cut_overlaps(out_.path);
  }

 public:
  static void cut_overlaps(std::vector<PathPart>& path) {
    std::int64_t covered = path.empty() ? 0 : path.front().range.from_ps;
    std::vector<PathPart> kept;
    for (PathPart part : path) {
      part.range.from_ps = std::max(part.range.from_ps, covered);
      if (part.range.to_ps > part.range.from_ps) {
        covered = part.range.to_ps;
        kept.push_back(part);
      }
    }
    path = std::move(kept);
  }

 private:
  const Contents& contents_;
  const FlowIndex& flows_;
  Causes out_;
};

std::string class_word(const Contents& contents, const SliceKey& key) {
  const traces::KernelClass found = traces::kernel_class(contents.name(key), Category::kKernel);
  return found == traces::KernelClass::kOther ? contents.name(key) : traces::class_name(found);
}

}  // namespace

const char* reason_name(WaitReason reason) {
  constexpr std::array<const char*, kWaitReasons> kNames = {
      "waits for communication", "waits for another stream", "not launched yet", "launch"};
  return kNames[static_cast<std::size_t>(reason)];
}

bool is_communication(const Contents& contents, const SliceKey& key) {
  const auto payload = string_id(contents.summary, "payload_bytes");
  return (payload && number_arg(contents.data.args[key.lane], *payload, key.slice)) ||
         traces::is_communication(traces::kernel_class(contents.name(key), Category::kKernel));
}

Causes causes_from_flows(const Contents& contents, const FlowIndex& flows) {
  return FromFlows(contents, flows).run();
}

std::vector<BoundPart> bound_parts(const Contents& contents, const Causes& causes) {
  const auto bound_by = string_id(contents.summary, "bound_by");
  std::map<std::uint32_t, std::string> classes;  // by name
  std::vector<BoundPart> out;
  std::int64_t covered = causes.path.empty() ? 0 : causes.path.front().range.from_ps;
  for (const PathPart& part : causes.path) {
    if (part.range.from_ps > covered) {
      const bool host = on_host(contents.track(part.slice.lane).kind);  // between two of its calls
      out.push_back({{covered, part.range.from_ps}, host ? "host" : "launch"});
    }
    covered = part.range.to_ps;
    const auto bound =
        bound_by ? text_arg(contents.data.args[part.slice.lane], *bound_by, part.slice.slice)
                 : std::nullopt;
    if (bound) {
      out.push_back({part.range, contents.summary.text(*bound)});
    } else if (on_host(contents.track(part.slice.lane).kind)) {
      out.push_back({part.range, "host"});
    } else {
      const std::uint32_t name = contents.data.lanes[part.slice.lane].name(part.slice.slice);
      const auto known = classes.try_emplace(name);
      if (known.second) {
        known.first->second = class_word(contents, part.slice);
      }
      out.push_back({part.range, known.first->second});
    }
  }
  return out;
}

std::vector<std::pair<std::string, std::int64_t>> bound_totals(const std::vector<BoundPart>& parts,
                                                               const TimeRange& range) {
  std::map<std::string, std::int64_t> sums;
  for (const BoundPart& part : parts) {
    const std::int64_t inside =
        std::min(part.range.to_ps, range.to_ps) - std::max(part.range.from_ps, range.from_ps);
    if (inside > 0) {
      sums[part.what] += inside;
    }
  }
  std::vector<std::pair<std::string, std::int64_t>> out(sums.begin(), sums.end());
  std::stable_sort(out.begin(), out.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  return out;
}

}  // namespace reticle::gui
