#include <catch2/catch.hpp>
#include <limits>
#include <map>
#include <random>
#include <tuple>

#include "sim/trace/reader.h"
#include "tests/sim/trace/sample_trace.h"

namespace reticle::trace::test {
namespace {

// What was recorded, by lane, in a form that can be compared.
struct Row {
  std::string name;
  std::int64_t start_ps;
  std::int64_t duration_ps;
  std::map<std::string, std::string> args;
  bool operator==(const Row& other) const {
    return std::tie(name, start_ps, duration_ps, args) ==
           std::tie(other.name, other.start_ps, other.duration_ps, other.args);
  }
};
using Lane = std::pair<std::uint32_t, std::uint32_t>;

struct Content {
  std::map<Lane, std::vector<Row>> lanes;
  std::map<std::uint32_t, std::vector<std::pair<std::int64_t, double>>> counters;
};

struct AsText {
  const std::vector<std::string>& strings;
  std::string operator()(std::int64_t v) const { return "i" + std::to_string(v); }
  std::string operator()(double v) const { return "d" + std::to_string(v); }
  std::string operator()(StringId v) const { return "s" + strings[v.value]; }
};

void read_args(const SliceBlock& block, const Summary& summary, std::vector<Row*>& rows) {
  for (const ArgColumn& column : block.args) {
    std::visit(
        [&](const auto& values) {
          for (std::size_t i = 0; i < values.size(); ++i) {
            rows[column.rows[i]]->args[summary.text(column.key)] =
                AsText{summary.strings}(values[i]);
          }
        },
        column.values);
  }
}

Content read(const std::filesystem::path& path) {
  Reader reader(path);
  Content content;
  reader.each_slices([&](const SliceBlock& block) {
    std::vector<Row> rows;
    for (std::size_t r = 0; r < block.name.size(); ++r) {
      rows.push_back(
          {reader.summary().text(block.name[r]), block.start_ps[r], block.duration_ps[r], {}});
    }
    std::vector<Row*> pointers;
    for (Row& row : rows) {
      pointers.push_back(&row);
    }
    read_args(block, reader.summary(), pointers);
    for (const LaneRows& lane : block.lanes) {
      auto& out = content.lanes[{lane.track.value, lane.depth}];
      CHECK(lane.first == out.size());
      out.insert(out.end(), rows.begin() + static_cast<std::ptrdiff_t>(lane.begin),
                 rows.begin() + static_cast<std::ptrdiff_t>(lane.end));
    }
  });
  reader.each_samples([&](const SampleBlock& block) {
    for (const CounterRows& rows : block.counters) {
      for (std::size_t r = rows.begin; r < rows.end; ++r) {
        content.counters[rows.counter.value].emplace_back(block.time_ps[r], block.value[r]);
      }
    }
  });
  return content;
}

// Records random slices, nested three deep, with random arguments, and random samples.
class RandomTrace {
 public:
  RandomTrace(const std::filesystem::path& path, unsigned seed, std::size_t rows_per_chunk)
      : random_(seed), out_(path, {"random", {}, rows_per_chunk}) {
    for (int i = 0; i < 7; ++i) {
      tracks_.push_back(out_.add_track(kNoTrack, "t" + std::to_string(i), rtrace::TRACK_KIND_CORE));
      counters_.push_back(out_.add_counter(tracks_.back(), "c", "W"));
    }
  }

  Content record(int steps) {
    std::vector<std::int64_t> now(tracks_.size(), 0);
    for (int i = 0; i < steps; ++i) {
      const std::size_t t = pick(tracks_.size());
      slices(tracks_[t], now[t], 0);
      sample(counters_[t], now[t] + 1);
      now[t] += static_cast<std::int64_t>(pick(3)) + 1;
    }
    out_.finish();
    return std::move(content_);
  }

 private:
  std::uint64_t pick(std::uint64_t below) { return random_() % below; }

  Args args(Row& row) {
    Args out;
    const AsText text{strings_};
    for (const char* key : {"bytes", "energy_j", "bound_by"}) {
      if (pick(2) == 0) {
        continue;
      }
      const Arg arg{out_.string(key), value()};
      row.args[key] = std::visit(text, arg.value);
      out.push_back(arg);
    }
    return out;
  }

  std::variant<std::int64_t, double, StringId> value() {
    switch (pick(3)) {
      case 0:
        return static_cast<std::int64_t>(random_());
      case 1:
        return static_cast<double>(random_()) / 3;
      default: {
        const std::string text = "value " + std::to_string(pick(5));
        const StringId id = out_.string(text);
        strings_.resize(std::max<std::size_t>(strings_.size(), id.value + 1));
        strings_[id.value] = text;
        return id;
      }
    }
  }

  void slices(TrackId track, std::int64_t& now, std::uint32_t depth) {
    Row row{"n" + std::to_string(pick(20)), now, 0, {}};
    if (depth < 3 && pick(2) == 0) {
      out_.begin(track, out_.string(row.name), now);
      for (std::uint64_t i = pick(4); i > 0; --i) {
        slices(track, now, depth + 1);
      }
      now += static_cast<std::int64_t>(pick(1000));
      row.duration_ps = now - row.start_ps;
      out_.end(track, now, args(row));
    } else {
      row.duration_ps = static_cast<std::int64_t>(pick(std::uint64_t{1} << pick(40)));
      now += row.duration_ps;
      out_.slice(track, out_.string(row.name), row.start_ps, row.duration_ps, args(row));
    }
    content_.lanes[{track.value, depth}].push_back(row);
  }

  void sample(CounterId counter, std::int64_t time_ps) {
    const double value = static_cast<double>(random_()) / 7;
    out_.counter(counter, time_ps, value);
    content_.counters[counter.value].emplace_back(time_ps, value);
  }

  std::mt19937_64 random_;
  Recorder out_;
  std::vector<std::string> strings_;
  std::vector<TrackId> tracks_;
  std::vector<CounterId> counters_;
  Content content_;
};

}  // namespace

TEST_CASE("random columns are the same after reading") {
  const Folder dir;
  for (unsigned seed = 1; seed <= 5; ++seed) {
    const Content written = RandomTrace(dir / "t", seed, seed * seed * 10).record(400);
    const Content content = read(dir / "t");
    CHECK((content.lanes == written.lanes));
    CHECK((content.counters == written.counters));
  }
}

TEST_CASE("the same calls give the same bytes") {
  const Folder dir;
  RandomTrace(dir / "a", 3, 100).record(500);
  RandomTrace(dir / "b", 3, 100).record(500);
  CHECK(bytes_of(dir / "a").size() > 10000);
  CHECK((bytes_of(dir / "a") == bytes_of(dir / "b")));
}

TEST_CASE("times beyond 2^53 ps are exact") {
  const Folder dir;
  const std::int64_t late = (std::int64_t{1} << 53) + 1;
  const std::int64_t latest = std::numeric_limits<std::int64_t>::max();
  Recorder out(dir / "t");
  const TrackId track = out.add_track(kNoTrack, "t", rtrace::TRACK_KIND_CORE);
  const CounterId counter = out.add_counter(track, "c", "W");
  out.slice(track, out.string("a"), 0, 1);
  out.slice(track, out.string("b"), late, 2);
  out.slice(track, out.string("c"), latest - 1, 1);
  out.counter(counter, latest, 1);
  out.finish();
  const Content content = read(dir / "t");
  const std::vector<Row> rows{{"a", 0, 1, {}}, {"b", late, 2, {}}, {"c", latest - 1, 1, {}}};
  CHECK((content.lanes.at({1, 0}) == rows));
  CHECK(content.counters.at(1).at(0).first == latest);
}

TEST_CASE("an empty trace") {
  const Folder dir;
  Recorder(dir / "t").finish();
  Reader reader(dir / "t");
  CHECK(reader.notice().empty());
  CHECK(reader.summary().tracks.empty());
  CHECK(reader.summary().totals.slices == 0);
  CHECK(reader.summary().totals.span.empty);
  reader.each_slices([](const SliceBlock&) { FAIL("there are no slices"); });
}

TEST_CASE("a million slices take under 8 bytes each, and a summary reads no rows") {
  const Folder dir;
  Recorder out(dir / "t");
  std::vector<TrackId> tracks;
  for (std::uint64_t i = 0; i < 100; ++i) {
    tracks.push_back(out.add_track(kNoTrack, "core", rtrace::TRACK_KIND_CORE, i));
  }
  const StringId name = out.string("gemm");
  for (std::int64_t i = 0; i < 1000000; ++i) {
    out.slice(tracks[static_cast<std::size_t>(i % 100)], name, i / 100 * 500000, 400000);
  }
  out.finish();
  CHECK(std::filesystem::file_size(dir / "t") < 8000000);
  Reader reader(dir / "t");
  CHECK(reader.summary().totals.slices == 1000000);
  CHECK(reader.summary().totals.tracks[99].busy_ps == 10000 * std::uint64_t{400000});
  std::uint64_t rows = 0;
  std::size_t largest = 0;
  reader.each_slices([&](const SliceBlock& block) {
    rows += block.name.size();
    largest = std::max(largest, block.name.size());
  });
  CHECK(rows == 1000000);
  CHECK(largest == 65536);
}

}  // namespace reticle::trace::test
