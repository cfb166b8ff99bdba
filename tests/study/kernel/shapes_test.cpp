// The smallest and absurd shapes: every operator, every family.
#include <catch2/catch.hpp>
#include <deque>
#include <string>
#include <vector>

#include "models/kernels/kernel_key.h"
#include "schema/config/assign.h"
#include "schema/config/catalog.h"
#include "schema/errors.h"
#include "study/kernel/simulator.h"

using namespace reticle;
using namespace reticle::study;

namespace {

// Every operator, its numbers without a preset all `value`.
Operator all_keys(const std::string& name, const std::string& value) {
  Operator op;
  google::protobuf::Message& message = config::select_op(op, name);
  std::vector<config::Assignment> values;
  const google::protobuf::Descriptor& type = *message.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const google::protobuf::FieldDescriptor& field = *type.field(i);
    const std::string& key = field.name();
    if (key == "dtype") {
      values.push_back({key, name == "quantize" ? "int8" : "bfloat16"});
    } else if (field.cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_INT64 &&
               !field.is_repeated()) {
      values.push_back({key, value});
    }
  }
  config::assign(message, values);
  return op;
}

std::vector<std::string> operator_names() { return config::op_names(*Operator::descriptor()); }

// A chip of each family, at cycle, and one of which only peaks are known.
class Families {
 public:
  Families() {
    const config::Catalog catalog(RETICLE_SOURCE_DIR "/configs");
    for (const char* name : {"h100-sxm", "a100-sxm-80gb", "ascend-910c-die", "metax-c500"}) {
      const Chip chip = catalog.chip(name).message;
      const Fidelity fidelity = chip.family() == FAMILY_ROOFLINE ? FIDELITY_FAST : FIDELITY_CYCLE;
      simulators_.emplace_back(name, chip, catalog.software(chip.software()).message, fidelity,
                               store_);
    }
  }
  std::size_t size() const { return simulators_.size(); }
  const std::string& name(std::size_t i) const { return simulators_[i].chip().name(); }

  // Its time, or the reason it is refused.
  std::int64_t ps(std::size_t i, const Operator& op, std::string& refusal) {
    L2State cold;
    cold.set_start(L2_START_COLD);
    try {
      return simulators_[i].demand_alone(op, cold).time_ps();
    } catch (const UsageError& error) {
      refusal = error.what();
      return 0;
    }
  }

 private:
  kernels::Store store_{{}};
  std::deque<Simulator> simulators_;
};

}  // namespace

TEST_CASE("one element of everything runs on every family, or is refused with a reason") {
  Families families;
  std::size_t ran = 0;
  for (const std::string& name : operator_names()) {
    const Operator op = all_keys(name, "1");
    for (std::size_t i = 0; i < families.size(); ++i) {
      std::string refusal;
      const std::int64_t ps = families.ps(i, op, refusal);
      INFO(name << " on " << families.name(i) << ": " << refusal);
      ran += ps > 0 ? 1 : 0;
      CHECK((ps > 0 || refusal.size() > 20));
      CHECK(ps < 100000000);
    }
  }
  CHECK(ran >= 4 * operator_names().size() - 8);
}

TEST_CASE("absurd shapes are refused with a reason, on every family") {
  Families families;
  for (const std::string& name : operator_names()) {
    const Operator op = all_keys(name, "1000000000000");
    for (std::size_t i = 0; i < families.size(); ++i) {
      std::string refusal;
      INFO(name << " on " << families.name(i));
      CHECK(families.ps(i, op, refusal) == 0);
      CHECK(refusal.size() > 20);
    }
  }
}
