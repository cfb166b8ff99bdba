#pragma once

#include <google/protobuf/message.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "models/economics/prior.h"
#include "models/economics/sampler.h"
#include "schema/config/catalog.h"
#include "schema/result.pb.h"

namespace reticle::economics {

// P5, P50 and P95, with linear interpolation between order statistics. Needs a value.
Quantiles quantiles(std::vector<double> values);

// The uncertain numbers of some config messages. A number that appears twice under one path (two
// scenarios use the same chip) has the same draws in both, and fixing one input leaves the draws of
// all others alone: common random numbers. Keeps pointers to the messages.
class UncertainInputs {
 public:
  explicit UncertainInputs(uint64_t seed) : seed_(seed) {}

  // Takes the numbers whose path starts with one of `sections` (a key, or a group such as
  // "package."). `prefix` makes paths of different messages different ("chips.ascend-910c.").
  // ConfigError: the number is outside its range; a whole number with a range.
  void add(google::protobuf::Message& message, const config::Provenance& provenance,
           const std::string& prefix, const std::vector<std::string>& sections);

  // Rank correlations of inputs, their paths below `prefix` and `provenance` that of the message
  // that holds them; nothing for a pair of which one does not vary here. No joint distribution has
  // all of them: a ConfigError of sample().
  void correlate(const google::protobuf::RepeatedPtrField<Correlation>& correlations,
                 const config::Provenance& provenance, const std::string& prefix);

  // Distinct paths, sorted: the dimensions of a draw.
  const std::vector<std::string>& paths() const { return paths_; }
  const std::string& grade(const std::string& path) const;

  // `draws` times: writes the next point into the messages and calls `use`. Then restores the
  // modes.
  void sample(uint32_t draws, const std::function<void()>& use);

  // Writes the quantiles of one point, its coordinates in the order of paths(), uncorrelated.
  void set(const std::vector<double>& point) const;
  // Writes one input's low or high end, the others' modes.
  void set_end(const std::string& path, bool high) const;
  void set_modes() const;

 private:
  struct Input {
    std::string path;
    google::protobuf::Message* message;
    const google::protobuf::FieldDescriptor* field;
    double mode;
    Prior prior;
    std::string grade;
    std::size_t dimension;
    void write(double value) const;
  };
  Copula copula() const;

  uint64_t seed_;
  std::vector<Input> inputs_;
  std::vector<std::string> paths_;
  std::vector<Correlation> correlations_;
  Location correlated_at_;
};

// The field a provenance path names ("package.price", "years.2025.yield"); keyed lists are searched
// by their keys. std::logic_error if there is none.
struct Field {
  google::protobuf::Message* message;
  const google::protobuf::FieldDescriptor* field;
};
Field find_field(google::protobuf::Message& message, const std::string& path);

}  // namespace reticle::economics
