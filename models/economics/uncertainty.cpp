#include "models/economics/uncertainty.h"

#include <algorithm>
#include <set>
#include <stdexcept>

#include "schema/config/fields.h"
#include "schema/config/settings.h"
#include "schema/errors.h"

namespace reticle::economics {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

bool in_sections(const std::string& path, const std::vector<std::string>& sections) {
  return std::any_of(sections.begin(), sections.end(),
                     [&](const std::string& s) { return path.compare(0, s.size(), s) == 0; });
}

double read(const Field& found, const std::string& path, const config::Origin& origin) {
  if (found.field->cpp_type() != FieldDescriptor::CPPTYPE_DOUBLE) {
    throw ConfigError(origin.at, path + " is a whole number: it cannot have low and high",
                      "remove the range");
  }
  return found.message->GetReflection()->GetDouble(*found.message, found.field);
}

// The element of a keyed list that `path` begins with.
Field find_keyed(Message& message, const FieldDescriptor& list, const std::string& path) {
  const auto& reflection = *message.GetReflection();
  const FieldDescriptor* key = config::key_field(list);
  std::vector<std::string> names;
  for (int i = 0; i < reflection.FieldSize(message, &list); ++i) {
    const Message& element = reflection.GetRepeatedMessage(message, &list, i);
    names.push_back(element.GetReflection()->GetString(element, key));
  }
  const std::string name = config::leading_name(path, names);
  const auto at = std::find(names.begin(), names.end(), name) - names.begin();
  return find_field(*reflection.MutableRepeatedMessage(&message, &list, static_cast<int>(at)),
                    config::rest_after(path, name));
}

}  // namespace

Field find_field(Message& message, const std::string& path) {
  const std::string head = path.substr(0, path.find('.'));
  const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName(head);
  const std::string rest = config::rest_after(path, head);
  if (field == nullptr || (field->is_repeated() && rest.empty())) {
    throw std::logic_error("provenance of a number that is not in the schema: " + path);
  }
  if (rest.empty()) {
    return {&message, field};
  }
  return field->is_repeated()
             ? find_keyed(message, *field, rest)
             : find_field(*message.GetReflection()->MutableMessage(&message, field), rest);
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

void UncertainInputs::Input::write(double value) const {
  message->GetReflection()->SetDouble(message, field, value);
}

void UncertainInputs::add(Message& message, const config::Provenance& provenance,
                          const std::string& prefix, const std::vector<std::string>& sections) {
  for (const auto& [path, origin] : provenance) {
    if (!in_sections(path, sections) || !varies(origin)) {
      continue;
    }
    const Field found = find_field(message, path);
    const double mode = read(found, prefix + path, origin);
    inputs_.push_back({prefix + path, found.message, found.field, mode,
                       prior_of(origin, mode, prefix + path), origin.grade, 0});
  }
  std::set<std::string> sorted;
  for (const Input& input : inputs_) {
    sorted.insert(input.path);
  }
  paths_.assign(sorted.begin(), sorted.end());
  for (Input& input : inputs_) {
    input.dimension = static_cast<std::size_t>(
        std::lower_bound(paths_.begin(), paths_.end(), input.path) - paths_.begin());
  }
}

void UncertainInputs::correlate(const google::protobuf::RepeatedPtrField<Correlation>& correlations,
                                const config::Provenance& provenance, const std::string& prefix) {
  for (const Correlation& correlation : correlations) {
    correlations_.push_back(correlation);
    correlations_.back().set_first(prefix + correlation.first());
    correlations_.back().set_second(prefix + correlation.second());
  }
  for (const auto& [path, origin] : provenance) {
    if (path.find("correlations.") != std::string::npos) {
      correlated_at_ = origin.at;
    }
  }
}

const std::string& UncertainInputs::grade(const std::string& path) const {
  const auto found = std::find_if(inputs_.begin(), inputs_.end(),
                                  [&](const Input& input) { return input.path == path; });
  if (found == inputs_.end()) {
    throw std::logic_error("no uncertain input " + path);
  }
  return found->grade;
}

Copula UncertainInputs::copula() const {
  const auto dimension = [&](const std::string& path) {
    return static_cast<std::size_t>(std::lower_bound(paths_.begin(), paths_.end(), path) -
                                    paths_.begin());
  };
  std::vector<Copula::Pair> pairs;
  for (const Correlation& one : correlations_) {
    if (std::binary_search(paths_.begin(), paths_.end(), one.first()) &&
        std::binary_search(paths_.begin(), paths_.end(), one.second())) {
      pairs.push_back({dimension(one.first()), dimension(one.second()), one.rank()});
    }
  }
  try {
    return {paths_.size(), pairs};
  } catch (const std::domain_error& error) {
    throw ConfigError(correlated_at_, error.what(), "weaken one of them");
  }
}

void UncertainInputs::sample(uint32_t draws, const std::function<void()>& use) {
  const Copula joint = copula();
  std::vector<uint64_t> keys;
  for (const std::string& path : paths_) {
    keys.push_back(draw_key(seed_, path));
  }
  std::vector<double> point(paths_.size());
  for (uint32_t i = 0; i < draws; ++i) {
    for (std::size_t k = 0; k < keys.size(); ++k) {
      point[k] = stratified_draw(keys[k], i);
    }
    joint.apply(point);
    set(point);
    use();
  }
  set_modes();
}

void UncertainInputs::set(const std::vector<double>& point) const {
  for (const Input& input : inputs_) {
    input.write(input.prior.quantile(point[input.dimension]));
  }
}

void UncertainInputs::set_end(const std::string& path, bool high) const {
  for (const Input& input : inputs_) {
    input.write(input.path != path ? input.mode : high ? input.prior.high : input.prior.low);
  }
}

void UncertainInputs::set_modes() const {
  for (const Input& input : inputs_) {
    input.write(input.mode);
  }
}

}  // namespace reticle::economics
