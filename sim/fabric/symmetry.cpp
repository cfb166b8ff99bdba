#include "sim/fabric/symmetry.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <map>
#include <unordered_map>

namespace reticle::fabric {
namespace {

using Colour = std::uint64_t;

// splitmix64's finaliser: sums of mixed words tell multisets apart but for one chance in 2^64.
Colour mix(Colour word) {
  word += 0x9e3779b97f4a7c15ULL;
  word = (word ^ (word >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  word = (word ^ (word >> 27U)) * 0x94d049bb133111ebULL;
  return word ^ (word >> 31U);
}

Colour bits(double value) {
  Colour word = 0;
  std::memcpy(&word, &value, sizeof word);
  return word;
}

class Refinement {
 public:
  Refinement(const std::vector<Resource>& resources, const std::vector<FlowClass>& classes)
      : classes_(classes) {
    for (const Resource& resource : resources) {
      resource_.push_back(mix(bits(resource.capacity)));
    }
    for (const FlowClass& flow : classes) {
      const Colour cap = flow.cap ? mix(bits(*flow.cap)) : 0;
      flow_.push_back(mix(mix(bits(flow.bytes)) + cap));
    }
  }

  // Splits until a round splits nothing: colours only ever get finer.
  void run() {
    std::size_t before = 0;
    std::size_t now = colours();
    while (now != before) {
      before = now;
      round();
      now = colours();
    }
  }

  // Classes numbered in order of their first member.
  static std::vector<std::size_t> numbered(const std::vector<Colour>& colours) {
    std::unordered_map<Colour, std::size_t> number;
    std::vector<std::size_t> out;
    out.reserve(colours.size());
    for (const Colour colour : colours) {
      out.push_back(number.emplace(colour, number.size()).first->second);
    }
    return out;
  }

  const std::vector<Colour>& resources() const { return resource_; }
  const std::vector<Colour>& flows() const { return flow_; }

 private:
  void round() {
    std::vector<Colour> load(resource_.size(), 0);
    for (std::size_t i = 0; i < classes_.size(); ++i) {
      Colour path = 0;
      for (const Use& use : classes_[i].uses) {
        const Colour weight = mix(bits(use.weight));
        path += mix(resource_[use.resource] + weight);
        // Counts are whole: n equal flows look like n flows.
        load[use.resource] +=
            static_cast<Colour>(classes_[i].count) * mix(flow_[i] + 3 * weight + 1);
      }
      flow_[i] = mix(flow_[i] + mix(path));
    }
    for (std::size_t r = 0; r < resource_.size(); ++r) {
      resource_[r] = mix(resource_[r] + mix(load[r]));
    }
  }

  static std::size_t distinct(std::vector<Colour> colours) {
    std::sort(colours.begin(), colours.end());
    return static_cast<std::size_t>(std::unique(colours.begin(), colours.end()) - colours.begin());
  }

  std::size_t colours() const { return distinct(flow_) + distinct(resource_); }

  const std::vector<FlowClass>& classes_;
  std::vector<Colour> resource_;
  std::vector<Colour> flow_;
};

std::size_t size_of(const std::vector<std::size_t>& numbers) {
  return numbers.empty() ? 0 : *std::max_element(numbers.begin(), numbers.end()) + 1;
}

}  // namespace

Quotient merge_equal(const std::vector<Resource>& resources,
                     const std::vector<FlowClass>& classes) {
  Refinement refinement(resources, classes);
  refinement.run();
  Quotient out;
  out.resource_class = Refinement::numbered(refinement.resources());
  out.flow_class = Refinement::numbered(refinement.flows());
  out.resources.resize(size_of(out.resource_class));
  std::vector<double> members(out.resources.size(), 0);
  for (std::size_t r = 0; r < resources.size(); ++r) {
    Resource& merged = out.resources[out.resource_class[r]];
    merged = members[out.resource_class[r]]++ == 0 ? resources[r] : merged;
  }
  out.classes.resize(size_of(out.flow_class));
  std::vector<bool> seen(out.classes.size(), false);
  for (std::size_t i = 0; i < classes.size(); ++i) {
    FlowClass& merged = out.classes[out.flow_class[i]];
    if (!seen[out.flow_class[i]]) {  // the first member speaks for all
      seen[out.flow_class[i]] = true;
      merged.count = 0;
      merged.bytes = classes[i].bytes;
      merged.cap = classes[i].cap;
      std::map<std::size_t, double> weights;
      for (const Use& use : classes[i].uses) {
        weights[out.resource_class[use.resource]] += use.weight;
      }
      for (const auto& [resource, weight] : weights) {
        merged.uses.push_back({resource, weight / members[resource]});
      }
    }
    merged.count += classes[i].count;
  }
  return out;
}

Outcome run_merged(const std::vector<Resource>& resources, const std::vector<FlowClass>& classes) {
  const Quotient quotient = merge_equal(resources, classes);
  const Outcome merged = run_flows(quotient.resources, quotient.classes, History::kDrop);
  Outcome out;
  out.finish_ps = merged.finish_ps;
  for (const std::size_t number : quotient.resource_class) {
    out.resources.push_back(merged.resources[number]);
  }
  // What binds a flow is a resource of its own path.
  for (std::size_t i = 0; i < classes.size(); ++i) {
    ClassOutcome end = merged.classes[quotient.flow_class[i]];
    if (end.bound) {
      const auto own = std::find_if(
          classes[i].uses.begin(), classes[i].uses.end(),
          [&](const Use& use) { return quotient.resource_class[use.resource] == *end.bound; });
      end.bound = own->resource;
    }
    if (end.finish_ps == out.finish_ps && !out.last && out.finish_ps > 0) {
      out.last = i;
    }
    out.classes.push_back(end);
  }
  return out;
}

}  // namespace reticle::fabric
