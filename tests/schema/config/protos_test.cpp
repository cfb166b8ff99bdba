// What every config message of the schema must satisfy.
#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "schema/config/fields.h"
#include "schema/config/layers.h"
#include "schema/config/scalar.h"
#include "schema/model.pb.h"
#include "schema/operator.pb.h"

using namespace reticle;
using namespace reticle::config;

namespace {

void collect(const Type& type, std::set<const Type*>& types) {
  if (!types.insert(&type).second) {
    return;
  }
  for (int i = 0; i < type.field_count(); ++i) {
    if (is_message(*type.field(i))) {
      collect(*type.field(i)->message_type(), types);
    }
  }
}

std::vector<const Field*> config_fields() {
  std::set<const Type*> types;
  for (const Kind& kind : kinds()) {
    if (kind.type != nullptr) {
      collect(*kind.type, types);
    }
  }
  for (const Type* type :
       {Model::descriptor(), Operator::descriptor(), CollectiveOperator::descriptor()}) {
    collect(*type, types);
  }
  std::vector<const Field*> fields;
  for (const Type* type : types) {
    for (int i = 0; i < type->field_count(); ++i) {
      fields.push_back(type->field(i));
    }
  }
  return fields;
}

}  // namespace

TEST_CASE("every config field is documented in a sentence") {
  REQUIRE(config_fields().size() > 150);
  for (const Field* field : config_fields()) {
    CAPTURE(field->full_name());
    CHECK(doc_of(*field).size() >= 4);
    CHECK(doc_of(*field).back() == '.');
    CHECK(doc_of(*field).find('|') == std::string::npos);  // would break the reference's table
  }
}

TEST_CASE("every unit of the schema is known, and belongs to a number") {
  const std::vector<std::string> known = known_units();
  for (const Field* field : config_fields()) {
    CAPTURE(field->full_name());
    if (!unit_of(*field).empty()) {
      CHECK(std::count(known.begin(), known.end(), unit_of(*field)) == 1);
      CHECK(is_number(*field));
    }
  }
}

TEST_CASE("every preset is a value its field takes") {
  for (const Field* field : config_fields()) {
    const auto preset = preset_of(*field);
    if (preset) {
      CAPTURE(field->full_name(), *preset);
      auto* factory = google::protobuf::MessageFactory::generated_factory();
      const std::unique_ptr<google::protobuf::Message> message(
          factory->GetPrototype(field->containing_type())->New());
      CHECK_NOTHROW(set_scalar(*message, *field, *preset));
    }
  }
}

TEST_CASE("no field has a name that files use for provenance or inheritance") {
  for (const Field* field : config_fields()) {
    CAPTURE(field->full_name());
    CHECK(field->name() != "source");
    CHECK(field->name() != "grade");
    CHECK(field->name() != "base");
  }
}

TEST_CASE("every list of maps says what keys it") {
  for (const Field* field : config_fields()) {
    CAPTURE(field->full_name());
    if (field->is_repeated() && is_message(*field)) {
      CHECK(key_field(*field) != nullptr);
    }
  }
}

TEST_CASE("enumerations are written without their own name") {
  CHECK(enum_texts(*Family_descriptor()) ==
        std::vector<std::string>{"davinci", "tensor_gpu", "roofline"});
  CHECK(enum_text(*Dtype_descriptor()->FindValueByName("DTYPE_FP8_BLOCK")) == "fp8_block");
  CHECK(enum_texts(*TransferMode_descriptor()) ==
        std::vector<std::string>{"normal", "low_latency"});
}
