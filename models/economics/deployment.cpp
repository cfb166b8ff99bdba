#include "models/economics/deployment.h"

#include <stdexcept>

#include "schema/config/fields.h"

namespace reticle::economics {
namespace {

constexpr double kSearchSpan = 20;

Number number_in(google::protobuf::Message& message, const std::string& rest,
                 const std::string& path) {
  Number number;
  try {
    number.field = find_field(message, rest);
  } catch (const std::logic_error&) {
    throw std::domain_error(path + ": no such number");
  }
  const google::protobuf::FieldDescriptor& field = *number.field.field;
  if (field.cpp_type() != google::protobuf::FieldDescriptor::CPPTYPE_DOUBLE) {
    throw std::domain_error(path + ": not a number that can vary");
  }
  number.unit = config::unit_of(field);
  if (number.unit == "m") {
    throw std::domain_error(path + ": a length; dies are placed once (compare values with --set)");
  }
  number.now = number.field.message->GetReflection()->GetDouble(*number.field.message, &field);
  number.low = config::min_of(field).value_or(0);
  number.high = config::max_of(field).value_or(number.now > 0 ? kSearchSpan * number.now : 1);
  return number;
}

}  // namespace

config::Loaded<Site> site_of(const config::Loaded<Study>& study, const std::string& scenario) {
  for (const Scenario& candidate : study.message.scenarios()) {
    if (candidate.name() != scenario) {
      continue;
    }
    config::Loaded<Site> site{candidate.site(), {}};
    const std::string prefix = "scenarios." + scenario + ".site.";
    for (auto it = study.provenance.lower_bound(prefix);
         it != study.provenance.end() && it->first.compare(0, prefix.size(), prefix) == 0; ++it) {
      site.provenance.emplace(it->first.substr(prefix.size()), it->second);
    }
    return site;
  }
  throw std::logic_error("site_of: no scenario " + scenario);
}

WallPower deployment_power(const Deployment& d) {
  const auto packages = static_cast<double>(d.packages);
  const NodePower& node = d.system.message.power();
  const Load load{packages * d.watts_per_package, static_cast<double>(d.nodes) * node.host(),
                  packages * node.optics_per_package()};
  return wall_power(load, d.site.message.psu_efficiency(), d.site.message.pue());
}

void add_inputs(Deployment& d, UncertainInputs& inputs) {
  add_package_inputs(d.chip, d.process ? &*d.process : nullptr, inputs);
  inputs.add(d.system.message, d.system.provenance, "systems." + d.system.message.name() + ".",
             {"cost.", "power."});
  inputs.add(d.site.message, d.site.provenance, "site.", {""});
}

void add_package_inputs(config::Loaded<Chip>& chip, config::Loaded<Process>* process,
                        UncertainInputs& inputs) {
  inputs.add(
      chip.message, chip.provenance, "chips." + chip.message.name() + ".",
      {"package.", "die.core_share", "die.blocks.", "die.stitch_yield", "die.reported_yield"});
  if (process == nullptr) {
    return;
  }
  const std::string prefix = "processes." + process->message.name() + ".";
  inputs.add(process->message, process->provenance, prefix,
             {"wafer_cost", "wafer_test_cost", "defect_density", "systematic_yield", "clustering",
              "critical_area_ratio", "layers.", "patterning.", "probe_coverage", "carbon."});
  inputs.correlate(process->message.correlations(), process->provenance, prefix);
}

void Number::write(double value) const {
  field.message->GetReflection()->SetDouble(field.message, field.field, value);
}

Number number_at(Deployment& d, const std::string& path) {
  struct Section {
    std::string prefix;
    google::protobuf::Message* message;
  };
  std::vector<Section> sections = {{"chips." + d.chip.message.name() + ".", &d.chip.message}};
  if (d.process) {
    sections.push_back({"processes." + d.process->message.name() + ".", &d.process->message});
  }
  if (!d.system.message.name().empty()) {
    sections.push_back({"systems." + d.system.message.name() + ".", &d.system.message});
  }
  if (!d.site.message.name().empty()) {
    sections.push_back({"sites." + d.site.message.name() + ".", &d.site.message});
  }
  sections.push_back({"site.", &d.site.message});
  std::string known;
  for (const Section& section : sections) {
    if (path.compare(0, section.prefix.size(), section.prefix) == 0) {
      return number_in(*section.message, path.substr(section.prefix.size()), path);
    }
    known += (known.empty() ? "" : ", ") + section.prefix + "*";
  }
  throw std::domain_error(path + ": no such number (" + known + ")");
}

}  // namespace reticle::economics
