#include "models/systems/joint_run.h"

#include <algorithm>
#include <map>
#include <queue>
#include <tuple>

#include "models/chips/stream_run.h"

namespace reticle::systems {
namespace {

using chips::StreamRun;
using engine::Ps;

struct Next {
  Ps at;
  std::size_t rank;
  bool operator>(const Next& other) const {
    return std::tie(at, rank) > std::tie(other.at, other.rank);
  }
};

class Joint {
 public:
  Joint(const RankTasks& tasks, const std::vector<Resource>& resources, const MeetingBodies& bodies)
      : tasks_(tasks), bodies_(bodies) {
    out_.ranks.resize(tasks.size());
    out_.spans.resize(tasks.size());
    runs_.reserve(tasks.size());
    for (std::size_t rank = 0; rank < tasks.size(); ++rank) {
      runs_.emplace_back(tasks[rank], resources, false);
      expect(rank);
    }
    arrivals_.resize(tasks.empty() ? 0 : tasks.front().size());
  }

  JointRun run() {
    while (!next_.empty()) {
      const Next next = next_.top();
      next_.pop();
      if (next.at != runs_[next.rank].next()) {
        continue;  // told before something else happened on the rank
      }
      advance(next.rank, next.at);
      while (!complete_.empty()) {
        const std::size_t task = complete_.back();
        complete_.pop_back();
        begin(task, next.at);
      }
    }
    for (std::size_t rank = 0; rank < runs_.size(); ++rank) {
      runs_[rank].require_done();
      tell(rank);
    }
    for (const Arrivals& meeting : arrivals_) {
      out_.last.push_back(meeting.last);
    }
    return std::move(out_);
  }

 private:
  struct Arrivals {
    std::vector<Ps> at;  // by rank; empty until the first
    std::size_t ranks = 0;
    std::size_t last = 0;
  };

  void expect(std::size_t rank) {
    if (runs_[rank].next() != StreamRun::kNever) {
      next_.push({runs_[rank].next(), rank});
    }
  }

  void advance(std::size_t rank, Ps to) {
    std::vector<std::size_t> arrived;
    runs_[rank].advance(to, arrived);
    expect(rank);
    for (const std::size_t task : arrived) {
      Arrivals& meeting = arrivals_[task];
      meeting.at.resize(runs_.size());
      meeting.at[rank] = to;
      meeting.last = rank;
      if (++meeting.ranks == runs_.size()) {
        complete_.push_back(task);
      }
    }
  }

  // The last rank has arrived: all start.
  void begin(std::size_t task, Ps now) {
    const std::vector<chips::StreamTask>& bodies = bodies_(task);
    const Arrivals& meeting = arrivals_[task];
    Ps waited = 0;
    for (std::size_t rank = 0; rank < runs_.size(); ++rank) {
      if (runs_[rank].now() < now) {
        advance(rank, now);
      }
      runs_[rank].release(task, bodies[rank]);
      expect(rank);
      out_.ranks[rank].waiting_ps += now - meeting.at[rank];
      waited += now - meeting.at[rank];
    }
    out_.ranks[meeting.last].awaited_ps += waited;
    out_.ranks[meeting.last].last_at += waited > 0 ? 1 : 0;
  }

  void tell(std::size_t rank) {
    RankUse& use = out_.ranks[rank];
    const std::vector<chips::TaskSpan>& spans = runs_[rank].spans();
    out_.spans[rank].reserve(spans.size());
    for (std::size_t task = 0; task < spans.size(); ++task) {
      const chips::TaskSpan& span = spans[task];
      const bool meets = tasks_[rank][task]->meets;
      (meets ? use.transfer_ps : use.kernels_ps) += span.end - span.start;
      use.end_ps = std::max(use.end_ps, span.end);
      out_.spans[rank].push_back(
          {meets ? arrivals_[task].at[rank] : span.start, span.start, span.end});
    }
    out_.end_ps = std::max(out_.end_ps, use.end_ps);
    if (use.awaited_ps > out_.ranks[out_.straggler].awaited_ps) {
      out_.straggler = rank;
    }
  }

  const RankTasks& tasks_;
  const MeetingBodies& bodies_;
  std::vector<StreamRun> runs_;
  std::priority_queue<Next, std::vector<Next>, std::greater<>> next_;
  std::vector<Arrivals> arrivals_;     // by task
  std::vector<std::size_t> complete_;  // tasks whose last rank has arrived just now
  JointRun out_;
};

}  // namespace

JointRun run_jointly(const RankTasks& tasks, const std::vector<Resource>& resources,
                     const MeetingBodies& bodies) {
  return Joint(tasks, resources, bodies).run();
}

std::vector<chips::TaskSpan> retell_rank(const RankTasks& tasks,
                                         const std::vector<Resource>& resources,
                                         const JointRun& run, std::size_t rank,
                                         const MeetingBodies& bodies) {
  const std::vector<RankSpan>& known = run.spans[rank];
  StreamRun again(tasks[rank], resources, true);
  std::map<Ps, std::vector<std::size_t>> starts;
  for (std::size_t task = 0; task < known.size(); ++task) {
    if (tasks[rank][task]->meets) {
      starts[known[task].start].push_back(task);
    }
  }
  std::vector<std::size_t> arrived;
  while (again.next() != StreamRun::kNever || !starts.empty()) {
    const Ps start = starts.empty() ? StreamRun::kNever : starts.begin()->first;
    again.advance(std::min(start, again.next()), arrived);
    if (again.now() == start && again.next() > start) {
      for (const std::size_t task : starts.begin()->second) {
        again.release(task, bodies(task)[rank]);
      }
      starts.erase(starts.begin());
    }
  }
  again.require_done();
  return again.spans();
}

std::vector<engine::Ps> held_on_critical_path(const RankTasks& tasks,
                                              const std::vector<Resource>& resources,
                                              const JointRun& run, const MeetingBodies& bodies) {
  std::vector<Ps> held(Resource_ARRAYSIZE, 0);
  std::map<std::size_t, std::vector<chips::TaskSpan>> told;  // by rank
  const auto spans_of = [&](std::size_t rank) -> const std::vector<chips::TaskSpan>& {
    const auto [found, fresh] = told.try_emplace(rank);
    if (fresh) {
      found->second = retell_rank(tasks, resources, run, rank, bodies);
    }
    return found->second;
  };
  std::size_t rank = 0;
  for (std::size_t other = 1; other < run.ranks.size(); ++other) {
    rank = run.ranks[other].end_ps > run.ranks[rank].end_ps ? other : rank;
  }
  if (tasks.empty() || tasks.front().empty()) {
    return held;
  }
  for (std::ptrdiff_t next =
           static_cast<std::ptrdiff_t>(chips::critical_path(spans_of(rank)).back());
       next >= 0;) {
    const auto task = static_cast<std::size_t>(next);
    const chips::TaskSpan* span = &spans_of(rank)[task];
    for (std::size_t r = 0; r < held.size(); ++r) {
      held[r] += span->held_by[r];
    }
    if (tasks[rank][task]->meets) {
      // The wait, and the own lead before it, are the last rank's instead.
      held[RESOURCE_SYNC] -= span->start - run.spans[rank][task].arrival;
      held[RESOURCE_LAUNCH] -= run.spans[rank][task].arrival - span->issue;
      rank = run.last[task];
      span = &spans_of(rank)[task];
      held[RESOURCE_LAUNCH] += run.spans[rank][task].arrival - span->issue;
    }
    next = span->waited_for;
  }
  return held;
}

}  // namespace reticle::systems
