#include "study/trace/text_table.h"
#include "study/trace/trace_info.h"

namespace reticle::study {
namespace {

using Json = nlohmann::ordered_json;

constexpr double kPsPerUs = 1e6;

template <class Time>
double us(Time ps) {
  return rounded(static_cast<double>(ps) / kPsPerUs);
}

Json json(const TraceTrackInfo& t) {
  return {{"track", t.path},    {"kind", t.kind},           {"number", t.number},
          {"slices", t.slices}, {"busy_us", us(t.busy_ps)}, {"share", rounded(t.share)}};
}

Json json(const TraceNameInfo& n) {
  return {{"name", n.name},
          {"count", n.count},
          {"total_us", us(n.total_ps)},
          {"mean_us", us(n.mean_ps)},
          {"median_us", us(n.median_ps)},
          {"p95_us", us(n.p95_ps)}};
}

Json json(const TraceCounterInfo& c) {
  return {{"track", c.track},     {"name", c.name},        {"unit", c.unit},
          {"samples", c.samples}, {"min", rounded(c.min)}, {"mean", rounded(c.mean)},
          {"max", rounded(c.max)}};
}

template <class Item>
Json list(const std::vector<Item>& items) {
  Json out = Json::array();
  for (const Item& item : items) {
    out.push_back(json(item));
  }
  return out;
}

}  // namespace

nlohmann::ordered_json to_json(const TraceInfo& info) {
  Json properties = Json::object();
  for (const auto& [key, value] : info.properties) {
    properties[key] = value;
  }
  Json out;
  out["file"] = info.file;
  out["notice"] = info.notice.empty() ? Json() : Json(info.notice);
  out["producer"] = info.producer;
  out["properties"] = properties;
  out["start_us"] = us(info.first_ps);
  out["end_us"] = us(info.last_ps);
  out["ranks"] = info.ranks;
  out["slices"] = info.slices;
  out["samples"] = info.samples;
  out["flows"] = info.flows;
  out["tracks"] = list(info.tracks);
  out["names"] = list(info.names);
  out["counters"] = list(info.counters);
  return out;
}

}  // namespace reticle::study
