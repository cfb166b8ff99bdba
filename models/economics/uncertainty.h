#pragma once

#include <google/protobuf/message.h>

#include <boost/math/distributions/triangular.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "schema/config/catalog.h"
#include "schema/result.pb.h"

namespace reticle::economics {

// The draw `index` of the input `path`: uniform in (0, 1), a pure function of its arguments. So an
// input that two scenarios share has the same draws in both, whatever else is drawn, in any order.
// FNV-1a of the path and three rounds of SplitMix64 (Steele, Lea, Flood, 2014).
double uniform_draw(uint64_t seed, const std::string& path, uint64_t index);

// P5, P50 and P95, with linear interpolation between order statistics. Needs a value.
Quantiles quantiles(std::vector<double> values);

// The uncertain numbers of some config messages: those with low and high in their provenance, drawn
// from the triangular distribution (low, the number itself as mode, high). Keeps pointers to the
// messages.
class UncertainInputs {
 public:
  explicit UncertainInputs(uint64_t seed) : seed_(seed) {}

  // Takes the numbers whose path starts with one of `sections` (a key, or a group such as
  // "package."). `prefix` makes paths of different messages different ("chips.ascend-910c.").
  // ConfigError: the number is outside its range; a whole number with a range.
  void add(google::protobuf::Message& message, const config::Provenance& provenance,
           const std::string& prefix, const std::vector<std::string>& sections);

  // Writes draw `index` of every input into its message.
  void draw(uint64_t index) const;

  std::vector<std::string> paths() const;

 private:
  struct Input {
    std::string path;
    google::protobuf::Message* message;
    const google::protobuf::FieldDescriptor* field;
    boost::math::triangular prior;
  };

  uint64_t seed_;
  std::vector<Input> inputs_;
};

}  // namespace reticle::economics
