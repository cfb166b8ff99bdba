#include "workloads/traces/launch_graph.h"

#include <algorithm>
#include <numeric>
#include <string_view>
#include <unordered_map>

#include "workloads/traces/kernel_class.h"

namespace reticle::traces {
namespace {

// Starts that a released kernel and the successor of what it waited for may be apart: profilers
// round to microseconds, and launch latencies differ by a few.
constexpr std::int64_t kTogetherPs = 6000000;

enum class Call { kOther, kWaitEvent, kSynchronise };

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

Call kind_of_call(std::string_view name) {
  if (has(name, "WaitEvent")) {
    return Call::kWaitEvent;
  }
  if (has(name, "Synchronize")) {
    return Call::kSynchronise;
  }
  return Call::kOther;
}

class Builder {
 public:
  explicit Builder(const Recording& recording) : in_(recording) {}

  LaunchGraph run() {
    classify_names();
    add_tasks();
    std::vector<std::vector<std::uint32_t>> waits(out_.tasks.size());
    infer_event_edges(waits);
    add_host_waits(waits);
    for (std::size_t i = 0; i < waits.size(); ++i) {
      std::sort(waits[i].begin(), waits[i].end());
      waits[i].erase(std::unique(waits[i].begin(), waits[i].end()), waits[i].end());
      out_.tasks[i].first_wait = static_cast<std::uint32_t>(out_.waits.size());
      out_.tasks[i].waits = static_cast<std::uint32_t>(waits[i].size());
      out_.waits.insert(out_.waits.end(), waits[i].begin(), waits[i].end());
    }
    return std::move(out_);
  }

 private:
  std::int64_t start(std::uint32_t task) const {
    return in_.slices.start_ps[out_.tasks[task].slice];
  }

  void classify_names() {
    calls_.resize(in_.strings.size());
    polled_.resize(in_.strings.size());
    for (std::uint32_t id = 0; id < in_.strings.size(); ++id) {
      calls_[id] = kind_of_call(in_.strings.text(id));
      // DeepEP: the host polls memory that this kernel writes the counts of received tokens to.
      polled_[id] = has(in_.strings.text(id), "notify_dispatch");
    }
  }

  // Slices that become tasks, by start; a call before what it launched.
  std::vector<std::uint32_t> chosen() const {
    const Slices& s = in_.slices;
    std::unordered_map<std::uint64_t, bool> correlations;
    for (std::size_t i = 0; i < s.size(); ++i) {
      if (on_device(s.category[i]) && s.correlation[i] != 0) {
        correlations[s.correlation[i]] = true;
      }
    }
    std::vector<std::uint32_t> out;
    for (std::uint32_t i = 0; i < s.size(); ++i) {
      const bool call =
          s.category[i] == Category::kRuntime &&
          (calls_[s.name[i]] != Call::kOther || correlations.count(s.correlation[i]) > 0);
      if (call || on_device(s.category[i])) {
        out.push_back(i);
      }
    }
    // A call that synchronises stands where it ends, after what it waits for.
    const auto place = [&](std::uint32_t i) {
      const bool waits = !on_device(s.category[i]) && calls_[s.name[i]] == Call::kSynchronise;
      return waits ? s.end_ps(i) : s.start_ps[i];
    };
    std::stable_sort(out.begin(), out.end(), [&](std::uint32_t a, std::uint32_t b) {
      if (place(a) != place(b)) {
        return place(a) < place(b);
      }
      return !on_device(s.category[a]) && on_device(s.category[b]);
    });
    return out;
  }

  void add_tasks() {
    std::unordered_map<std::uint32_t, std::uint32_t> lane_of_track;
    std::unordered_map<std::uint64_t, std::uint32_t> call;  // by correlation
    std::vector<std::uint32_t> last;                        // by lane
    for (const std::uint32_t slice : chosen()) {
      const auto index = static_cast<std::uint32_t>(out_.tasks.size());
      LaunchTask task;
      task.slice = slice;
      const auto [lane, added] = lane_of_track.emplace(
          in_.slices.track[slice], static_cast<std::uint32_t>(out_.lanes.size()));
      if (added) {
        out_.lanes.push_back(in_.slices.track[slice]);
        last.push_back(kNone);
      }
      task.lane = lane->second;
      task.before = last[task.lane];
      last[task.lane] = index;
      task.device = on_device(in_.slices.category[slice]);
      task.synchronises = !task.device && calls_[in_.slices.name[slice]] == Call::kSynchronise;
      const std::uint64_t correlation = in_.slices.correlation[slice];
      if (!task.device && correlation != 0) {
        call.emplace(correlation, index);
      } else if (task.device) {
        const auto launch = call.find(correlation);
        task.launch = correlation == 0 || launch == call.end() ? kNone : launch->second;
        out_.unlaunched += task.launch == kNone ? 1 : 0;
      }
      out_.tasks.push_back(task);
    }
  }

  // Device tasks of every lane in order of launch, for "the last launched before this call".
  struct Stream {
    std::vector<std::uint32_t> tasks;     // in order of start, which is the order of launch
    std::vector<std::int64_t> launch_ps;  // when each was launched, never decreasing
  };

  std::vector<Stream> streams() const {
    std::vector<Stream> out(out_.lanes.size());
    for (std::uint32_t i = 0; i < out_.tasks.size(); ++i) {
      const LaunchTask& task = out_.tasks[i];
      if (!task.device) {
        continue;
      }
      Stream& stream = out[task.lane];
      const std::int64_t launched = task.launch == kNone ? start(i) : start(task.launch);
      const std::int64_t least = stream.launch_ps.empty() ? launched : stream.launch_ps.back();
      stream.tasks.push_back(i);
      stream.launch_ps.push_back(std::max(least, launched));
    }
    return out;
  }

  // A wait holds back what is launched on some stream next, until something launched on another
  // before has ended. A stream runs in order, so what has a successor that started has ended: the
  // source is the last such task; and where the released kernel starts together with that
  // successor, the wait was what held it back.
  void infer_event_edges(std::vector<std::vector<std::uint32_t>>& waits) {
    const std::vector<Stream> all = streams();
    remember_launches();
    for (std::uint32_t i = 0; i < out_.tasks.size(); ++i) {
      if (out_.tasks[i].device ||
          calls_[in_.slices.name[out_.tasks[i].slice]] != Call::kWaitEvent) {
        continue;
      }
      ++out_.event_waits;
      const std::uint32_t own = next_stream(i, all);
      join(own, i, all, waits);
      for (std::uint32_t lane = 0; lane < all.size(); ++lane) {
        const std::uint32_t released = first_after(all[lane], start(i));
        if (released != kNone) {
          add_edges(released, lane, start(i), lane == own, all, waits);
        }
      }
    }
  }

  // "Launch on one stream, let another wait for it": the source is the thread's launch before.
  void join(std::uint32_t own, std::uint32_t call, const std::vector<Stream>& all,
            std::vector<std::vector<std::uint32_t>>& waits) {
    const std::uint32_t source = launched_before_[call];
    if (own == kNone || source == kNone || out_.tasks[source].lane == own) {
      return;
    }
    const std::uint32_t released = first_after(all[own], start(call));
    if (start(source) < start(released)) {
      add_edge(source, released, waits);
    }
  }

  // For every task of the host, what its thread launched last before it.
  void remember_launches() {
    std::unordered_map<std::uint32_t, std::uint32_t> launched;  // by call
    for (std::uint32_t i = 0; i < out_.tasks.size(); ++i) {
      if (out_.tasks[i].launch != kNone) {
        launched[out_.tasks[i].launch] = i;
      }
    }
    launched_before_.assign(out_.tasks.size(), kNone);
    for (std::uint32_t i = 0; i < out_.tasks.size(); ++i) {
      const std::uint32_t before = out_.tasks[i].before;
      if (!out_.tasks[i].device && before != kNone) {
        const auto own = launched.find(before);
        launched_before_[i] = own == launched.end() ? launched_before_[before] : own->second;
      }
    }
  }

  static std::uint32_t first_after(const Stream& stream, std::int64_t time_ps) {
    const std::size_t at = count_until(stream.launch_ps, time_ps);
    return at < stream.tasks.size() ? stream.tasks[at] : kNone;
  }

  // The stream of what the calling thread launches next, whose wait it most likely is.
  std::uint32_t next_stream(std::uint32_t call, const std::vector<Stream>& all) const {
    std::uint32_t best = kNone;
    std::int64_t soonest = 0;
    for (std::uint32_t lane = 0; lane < all.size(); ++lane) {
      const std::uint32_t task = first_after(all[lane], start(call));
      if (task == kNone || out_.tasks[task].launch == kNone) {
        continue;
      }
      const std::uint32_t launch = out_.tasks[task].launch;
      if (out_.tasks[launch].lane == out_.tasks[call].lane &&
          (best == kNone || start(launch) < soonest)) {
        best = lane;
        soonest = start(launch);
      }
    }
    return best;
  }

  void add_edges(std::uint32_t released, std::uint32_t own_lane, std::int64_t wait_ps, bool likely,
                 const std::vector<Stream>& all, std::vector<std::vector<std::uint32_t>>& waits) {
    std::uint32_t latest = kNone;  // the source that ended last, and when its successor started
    std::int64_t latest_ps = 0;
    for (std::uint32_t lane = 0; lane < all.size(); ++lane) {
      if (lane == own_lane) {
        continue;
      }
      const Stream& stream = all[lane];
      const std::size_t at = source_end(stream, wait_ps, start(released));
      if (at == 0) {
        continue;
      }
      const bool last = at == stream.tasks.size();
      const std::int64_t ended = start(stream.tasks[last ? at - 1 : at]);
      if (!last && ended >= start(released) - kTogetherPs) {
        add_edge(stream.tasks[at - 1], released, waits);
      } else if (latest == kNone || ended > latest_ps) {
        latest = stream.tasks[at - 1];
        latest_ps = ended;
      }
    }
    if (likely && latest != kNone) {
      add_edge(latest, released, waits);
    }
  }

  // How many tasks of a stream, of those launched before the wait, had ended when the released task
  // started, judged by the start of the next.
  std::size_t source_end(const Stream& stream, std::int64_t wait_ps,
                         std::int64_t released_ps) const {
    const std::size_t launched = count_until(stream.launch_ps, wait_ps);
    const std::size_t started = started_until(stream, released_ps);
    if (launched == stream.tasks.size() && started == launched) {
      return launched;  // without a successor: it had started, and more is not known
    }
    const std::size_t succeeded = started_until(stream, released_ps + kTogetherPs);
    return std::min(launched, succeeded == 0 ? 0 : succeeded - 1);
  }

  static std::size_t count_until(const std::vector<std::int64_t>& times, std::int64_t time_ps) {
    return static_cast<std::size_t>(std::upper_bound(times.begin(), times.end(), time_ps) -
                                    times.begin());
  }

  std::size_t started_until(const Stream& stream, std::int64_t time_ps) const {
    return static_cast<std::size_t>(
        std::upper_bound(stream.tasks.begin(), stream.tasks.end(), time_ps,
                         [this](std::int64_t time, std::uint32_t t) { return time < start(t); }) -
        stream.tasks.begin());
  }

  void add_edge(std::uint32_t from, std::uint32_t to,
                std::vector<std::vector<std::uint32_t>>& waits) {
    if (from < to && std::find(waits[to].begin(), waits[to].end(), from) == waits[to].end()) {
      waits[to].push_back(from);
      ++out_.event_edges;
    }
  }

  // Calls that synchronise wait for the last task launched on each stream; whoever launched a
  // kernel whose result the host polls goes on when that has ended.
  void add_host_waits(std::vector<std::vector<std::uint32_t>>& waits) {
    const std::vector<Stream> all = streams();
    std::vector<std::uint32_t> polled(out_.lanes.size(), kNone);  // by host lane
    std::unordered_map<std::uint32_t, std::uint32_t> kernel_of_call;
    for (std::uint32_t i = 0; i < out_.tasks.size(); ++i) {
      if (out_.tasks[i].device && polled_[in_.slices.name[out_.tasks[i].slice]] &&
          out_.tasks[i].launch != kNone) {
        kernel_of_call[out_.tasks[i].launch] = i;
      }
    }
    for (std::uint32_t i = 0; i < out_.tasks.size(); ++i) {
      const LaunchTask& task = out_.tasks[i];
      if (task.device) {
        continue;
      }
      std::uint32_t& waiting_for = polled[task.lane];
      if (waiting_for != kNone && start(waiting_for) <= start(i)) {
        waits[i].push_back(waiting_for);
        ++out_.host_waits;
        waiting_for = kNone;
      }
      if (const auto kernel = kernel_of_call.find(i); kernel != kernel_of_call.end()) {
        waiting_for = kernel->second;
      }
      if (task.synchronises) {
        ++out_.host_waits;
        synchronise(i, all, waits[i]);
      }
    }
  }

  // Of what was launched before the call, whatever had started when it ended counts.
  void synchronise(std::uint32_t call, const std::vector<Stream>& all,
                   std::vector<std::uint32_t>& waits) {
    const std::int64_t end = in_.slices.end_ps(out_.tasks[call].slice);
    for (const Stream& stream : all) {
      const std::size_t at =
          std::min(count_until(stream.launch_ps, start(call)), started_until(stream, end));
      if (at > 0) {
        waits.push_back(stream.tasks[at - 1]);
      }
    }
  }

  const Recording& in_;
  LaunchGraph out_;
  std::vector<Call> calls_;  // by text id
  std::vector<bool> polled_;
  std::vector<std::uint32_t> launched_before_;  // by task
};

}  // namespace

LaunchGraph launch_graph(const Recording& recording) { return Builder(recording).run(); }

}  // namespace reticle::traces
