#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "sim/trace/reader.h"
#include "sim/trace/utf8.h"
#include "tests/sim/trace/sample_trace.h"

namespace reticle::trace::test {
namespace {

constexpr std::int64_t kLatest = std::numeric_limits<std::int64_t>::max();

struct Fixture {
  Folder dir;
  Recorder out{dir / "t.rtrace"};
  TrackId track = out.add_track(kNoTrack, "stream", rtrace::TRACK_KIND_STREAM);
  StringId name = out.string("gemm");
  CounterId power = out.add_counter(track, "power", "W");

  template <class Work>
  std::string refused(Work work) {
    return error_of<std::logic_error>(work);
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "slices of a track touch but do not overlap") {
  out.slice(track, name, 10, 5);
  CHECK(refused([&] { out.slice(track, name, 14, 5); }) ==
        "trace: track 'stream': slice starts at 14 ps, before the last one ends at 15 ps");
  const SliceRef next = out.slice(track, name, 15, 0);
  CHECK(next.ordinal == 1);  // the refused slice left nothing behind
  CHECK(out.slice(track, name, 15, 1).ordinal == 2);
}

TEST_CASE_METHOD(Fixture, "times run from 0 to 2^63 - 1 ps") {
  CHECK(refused([&] { out.slice(track, name, -1, 5); }) ==
        "trace: track 'stream': slice starts before 0: -1 ps");
  CHECK(refused([&] { out.slice(track, name, 0, -1); }) ==
        "trace: track 'stream': slice has a negative duration: -1 ps");
  CHECK(refused([&] { out.slice(track, name, 6, kLatest - 5); }) ==
        "trace: track 'stream': slice ends after 2^63 - 1 ps");
  CHECK(out.slice(track, name, 5, kLatest - 5).end_ps() == kLatest);
}

TEST_CASE_METHOD(Fixture, "an inner slice lies within the open one") {
  out.begin(track, name, 100);
  CHECK(refused([&] { out.slice(track, name, 99, 1); }) ==
        "trace: track 'stream': slice starts at 99 ps, before the one around it at 100 ps");
  CHECK(out.slice(track, name, 100, 50).depth == 1);
  CHECK(refused([&] { out.end(track, 149); }) ==
        "trace: track 'stream': slice ends at 149 ps, before its start or a slice within it");
  const SliceRef outer = out.end(track, 150);
  CHECK(outer.depth == 0);
  CHECK(outer.duration_ps == 50);
  CHECK(refused([&] { out.end(track, 150); }) == "trace: track 'stream': end without begin");
}

TEST_CASE_METHOD(Fixture, "an open slice may not be left") {
  out.begin(track, name, 7);
  CHECK(refused([&] { out.finish(); }) == "trace: track 'stream': begin without end at 7 ps");
  CHECK_FALSE(std::filesystem::exists(dir / "t.rtrace"));
}

TEST_CASE_METHOD(Fixture, "a counter keeps the last value of an instant and never goes back") {
  out.counter(power, 5, 1);
  out.counter(power, 5, 2);
  CHECK(refused([&] { out.counter(power, 4, 3); }) == "trace: counter goes back in time to 4 ps");
  CHECK(refused([&] { out.counter(power, 6, std::nan("")); }) ==
        "trace: counter value is not finite");
  CHECK(refused([&] { out.counter(power, -1, 0); }) == "trace: counter goes back in time to -1 ps");
  out.finish();
  Reader reader(dir / "t.rtrace");
  reader.each_samples([](const SampleBlock& block) {
    CHECK(block.time_ps == std::vector<std::int64_t>{5});
    CHECK(block.value == std::vector<double>{2});
  });
  CHECK(reader.summary().totals.samples == 1);
}

TEST_CASE_METHOD(Fixture, "ids that were never given out are refused") {
  CHECK(refused([&] { out.slice({2}, name, 0, 1); }) == "trace: no track 2");
  CHECK(refused([&] { out.slice(kNoTrack, name, 0, 1); }) == "trace: no track 0");
  CHECK(refused([&] { out.slice(track, {9}, 0, 1); }) == "trace: no string 9");
  CHECK(refused([&] { out.counter({2}, 0, 1); }) == "trace: no counter 2");
  CHECK(refused([&] { out.add_track({2}, "x", rtrace::TRACK_KIND_CORE); }) ==
        "trace: no track 2 as a parent");
  CHECK(refused([&] { out.flow({}, out.slice(track, name, 0, 1)); }) == "trace: no track 0");
  CHECK(refused([&] {
          out.slice(track, name, 1, 1, {{name, 1.0}, {name, 2.0}});
        }) == "trace: a slice has an argument twice");
}

TEST_CASE_METHOD(Fixture, "text is UTF-8") {
  CHECK(refused([&] { out.string("\xff"); }) == "trace: text is not UTF-8");
  CHECK(out.string("\xc2\xb5s").value == out.string("µs").value);
  CHECK(out.string("").value == 0);
}

TEST_CASE("UTF-8, both sides of each boundary (Unicode table 3-7)") {
  for (const char* good : {"\x7f", "\xc2\x80", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
                           "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    CHECK(is_utf8(good));
  }
  for (const char* bad : {"\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf",
                          "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xe2\x82", "\xe2\x82x"}) {
    CHECK_FALSE(is_utf8(bad));
  }
}

}  // namespace reticle::trace::test
