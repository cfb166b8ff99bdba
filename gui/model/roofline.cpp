#include "gui/model/roofline.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "gui/model/slice_args.h"

namespace reticle::gui {
namespace {

constexpr double kSecondsPerPs = 1e-12;

double number(const std::string& text) {
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// Types of the same peak share a roof.
void add_roof(const std::string& name, double operations_per_s, Roofline& out) {
  for (Roof& roof : out.roofs) {
    if (roof.operations_per_s == operations_per_s) {
      roof.name += ", " + name;
      return;
    }
  }
  out.roofs.push_back({name, operations_per_s});
}

void read_roofs(const trace::Summary& summary, Roofline& out) {
  constexpr std::string_view kPrefix = "peak_";
  constexpr std::string_view kSuffix = "_per_s";
  for (const auto& [key, value] : summary.properties) {
    if (key == "hbm_bytes_per_s") {
      out.bytes_per_s = number(value);
    } else if (key.size() > kPrefix.size() + kSuffix.size() && key.rfind(kPrefix, 0) == 0 &&
               key.substr(key.size() - kSuffix.size()) == kSuffix) {
      const std::size_t length = key.size() - kPrefix.size() - kSuffix.size();
      add_roof(key.substr(kPrefix.size(), length), number(value), out);
    }
  }
  std::stable_sort(out.roofs.begin(), out.roofs.end(), [](const Roof& a, const Roof& b) {
    return a.operations_per_s > b.operations_per_s;
  });
}

}  // namespace

Roofline roofline(const Contents& contents, const TimeRange& range,
                  const std::vector<bool>& names) {
  Roofline out;
  read_roofs(contents.summary, out);
  const auto operations = string_id(contents.summary, "operations");
  const auto bytes = string_id(contents.summary, "hbm_bytes");
  const auto bound_by = string_id(contents.summary, "bound_by");
  std::map<std::uint32_t, RooflinePoint> points;
  for (std::size_t at = 0; operations && bytes && at < contents.data.lanes.size(); ++at) {
    const Lane& lane = contents.data.lanes[at];
    const ArgColumns& args = contents.data.args[at];
    for (std::size_t i = lane.first_after(range.from_ps);
         i < lane.size() && lane.start_ps(i) < range.to_ps; ++i) {
      if (!names.empty() && !names[lane.name(i)]) {
        continue;
      }
      const auto work = number_arg(args, *operations, i);
      const auto moved = number_arg(args, *bytes, i);
      if (!work || !moved || *work <= 0 || *moved <= 0) {
        continue;
      }
      RooflinePoint& point = points[lane.name(i)];
      point.name = lane.name(i);
      if (point.count++ == 0 && bound_by) {
        const auto bound = text_arg(args, *bound_by, i);
        point.bound_by = bound ? contents.summary.text(*bound) : "";
      }
      point.operations += *work;
      point.bytes += *moved;
      point.seconds += static_cast<double>(lane.duration_ps(i)) * kSecondsPerPs;
    }
  }
  for (const auto& [name, point] : points) {
    if (point.seconds > 0) {
      out.points.push_back(point);
    }
  }
  std::stable_sort(out.points.begin(), out.points.end(),
                   [](const auto& a, const auto& b) { return a.seconds > b.seconds; });
  return out;
}

}  // namespace reticle::gui
