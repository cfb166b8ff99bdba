#include "study/run/assumptions.h"

#include <algorithm>
#include <vector>

#include "schema/config/fields.h"
#include "schema/options.pb.h"

namespace reticle::study {

namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

double number(const Message& message, const FieldDescriptor& field) {
  const auto* reflection = message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return reflection->GetDouble(message, &field);
    case FieldDescriptor::CPPTYPE_INT64:
      return static_cast<double>(reflection->GetInt64(message, &field));
    case FieldDescriptor::CPPTYPE_UINT32:
      return reflection->GetUInt32(message, &field);
    default:
      return 0;
  }
}

// Walks a message and lists the uncertain numbers that its provenance knows.
class Collector {
 public:
  Collector(const config::Provenance& provenance, std::string prefix)
      : provenance_(provenance), prefix_(std::move(prefix)) {}

  void walk(const Message& message, const std::string& path) {
    const auto* type = message.GetDescriptor();
    for (int i = 0; i < type->field_count(); ++i) {
      const FieldDescriptor& field = *type->field(i);
      const std::string at = path.empty() ? field.name() : path + "." + field.name();
      if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) {
        add(message, field, at);
      } else if (field.is_repeated()) {
        walk_list(message, field, at);
      } else if (message.GetReflection()->HasField(message, &field)) {
        walk(message.GetReflection()->GetMessage(message, &field), at);
      }
    }
  }

  std::vector<Assumption> take() { return std::move(found_); }

 private:
  void walk_list(const Message& message, const FieldDescriptor& field, const std::string& at) {
    const std::string key = field.options().GetExtension(keyed_by);
    const auto* reflection = message.GetReflection();
    for (int i = 0; i < reflection->FieldSize(message, &field); ++i) {
      const Message& element = reflection->GetRepeatedMessage(message, &field, i);
      walk(element, at + "." + key_text(element, key));
    }
  }

  static std::string key_text(const Message& element, const std::string& key) {
    const FieldDescriptor* field = element.GetDescriptor()->FindFieldByName(key);
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
      return element.GetReflection()->GetString(element, field);
    }
    return config::enum_text(*element.GetReflection()->GetEnum(element, field));
  }

  void add(const Message& message, const FieldDescriptor& field, const std::string& at) {
    const auto origin = provenance_.find(at);
    if (origin == provenance_.end() ||
        (origin->second.grade[0] != 'C' && origin->second.grade != "user")) {
      return;
    }
    Assumption assumption;
    assumption.set_path(prefix_ + at);
    assumption.set_value(number(message, field));
    assumption.set_unit(field.options().GetExtension(unit));
    assumption.set_grade(origin->second.grade);
    assumption.set_source(origin->second.source);
    if (origin->second.low && origin->second.high) {
      assumption.set_low(*origin->second.low);
      assumption.set_high(*origin->second.high);
    }
    found_.push_back(assumption);
  }

  const config::Provenance& provenance_;
  std::string prefix_;
  std::vector<Assumption> found_;
};

template <class Loaded>
void collect(std::vector<Assumption>& all, const Loaded& loaded, const std::string& prefix) {
  Collector collector(loaded.provenance, prefix);
  collector.walk(loaded.message, "");
  const std::vector<Assumption> found = collector.take();
  all.insert(all.end(), found.begin(), found.end());
}

}  // namespace

google::protobuf::RepeatedPtrField<Assumption> assumptions(const ScenarioInputs& inputs,
                                                           const config::Loaded<Study>& study) {
  std::vector<Assumption> all;
  collect(all, inputs.rank_chip, "chips." + inputs.rank_chip.message.name() + ".");
  if (inputs.package.message.name() != inputs.rank_chip.message.name()) {
    Collector package(inputs.package.provenance, "chips." + inputs.package.message.name() + ".");
    package.walk(inputs.package.message.package(), "package");
    const std::vector<Assumption> found = package.take();
    all.insert(all.end(), found.begin(), found.end());
  }
  collect(all, inputs.system, "systems." + inputs.system.message.name() + ".");
  collect(all, inputs.software, "software." + inputs.software.message.name() + ".");
  collect(all, inputs.process, "processes." + inputs.process.message.name() + ".");
  const std::string own = "scenarios." + inputs.scenario.name();
  Collector scenario(study.provenance, "");
  scenario.walk(inputs.scenario, own);
  const std::vector<Assumption> found = scenario.take();
  all.insert(all.end(), found.begin(), found.end());
  std::stable_sort(all.begin(), all.end(),
                   [](const Assumption& a, const Assumption& b) { return a.path() < b.path(); });
  google::protobuf::RepeatedPtrField<Assumption> result;
  for (const Assumption& one : all) {
    *result.Add() = one;
  }
  return result;
}

}  // namespace reticle::study
