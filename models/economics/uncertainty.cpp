#include "models/economics/uncertainty.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "schema/errors.h"

namespace reticle::economics {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

uint64_t fnv1a(const std::string& text) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  }
  return hash;
}

uint64_t split_mix(uint64_t state) {
  uint64_t z = state + 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

struct Field {
  Message* message;
  const FieldDescriptor* field;
};

Field find(Message& message, const std::string& path) {
  const size_t dot = path.find('.');
  const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName(path.substr(0, dot));
  if (field == nullptr || field->is_repeated()) {
    throw std::logic_error("provenance of a number that is not in the schema: " + path);
  }
  if (dot == std::string::npos) {
    return {&message, field};
  }
  return find(*message.GetReflection()->MutableMessage(&message, field), path.substr(dot + 1));
}

bool in_sections(const std::string& path, const std::vector<std::string>& sections) {
  return std::any_of(sections.begin(), sections.end(),
                     [&](const std::string& s) { return path.compare(0, s.size(), s) == 0; });
}

// Checks the range against the number it surrounds.
void check(const std::string& path, const Field& found, const config::Origin& origin) {
  if (found.field->cpp_type() != FieldDescriptor::CPPTYPE_DOUBLE) {
    throw ConfigError(origin.at, path + " is a whole number: it cannot have low and high",
                      "remove the range");
  }
  const double mode = found.message->GetReflection()->GetDouble(*found.message, found.field);
  if (!(*origin.low <= mode && mode <= *origin.high)) {
    throw ConfigError(origin.at, path + " is outside its own range",
                      "low must be at most the value, high at least");
  }
}

}  // namespace

double uniform_draw(uint64_t seed, const std::string& path, uint64_t index) {
  const uint64_t bits = split_mix(split_mix(split_mix(seed) ^ fnv1a(path)) ^ index);
  // The middle of one of 2^52 equal steps: exact in a double, never 0, never 1.
  return std::ldexp(static_cast<double>(bits >> 12) + 0.5, -52);
}

Quantiles quantiles(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const auto at = [&](double share) {
    const double rank = share * static_cast<double>(values.size() - 1);
    const auto below = static_cast<size_t>(rank);
    const size_t above = std::min(below + 1, values.size() - 1);
    return values[below] + (rank - static_cast<double>(below)) * (values[above] - values[below]);
  };
  Quantiles result;
  result.set_p5(at(0.05));
  result.set_p50(at(0.5));
  result.set_p95(at(0.95));
  return result;
}

void UncertainInputs::add(Message& message, const config::Provenance& provenance,
                          const std::string& prefix, const std::vector<std::string>& sections) {
  for (const auto& [path, origin] : provenance) {
    if (!in_sections(path, sections) || !origin.low || !origin.high ||
        *origin.low == *origin.high) {
      continue;
    }
    const Field found = find(message, path);
    check(prefix + path, found, origin);
    const double mode = found.message->GetReflection()->GetDouble(*found.message, found.field);
    inputs_.push_back({prefix + path, found.message, found.field,
                       boost::math::triangular(*origin.low, mode, *origin.high)});
  }
}

void UncertainInputs::draw(uint64_t index) const {
  for (const Input& input : inputs_) {
    const double u = uniform_draw(seed_, input.path, index);
    input.message->GetReflection()->SetDouble(input.message, input.field,
                                              boost::math::quantile(input.prior, u));
  }
}

std::vector<std::string> UncertainInputs::paths() const {
  std::vector<std::string> paths;
  for (const Input& input : inputs_) {
    paths.push_back(input.path);
  }
  return paths;
}

}  // namespace reticle::economics
