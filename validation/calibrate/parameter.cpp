#include "validation/calibrate/parameter.h"

#include <cmath>
#include <stdexcept>

#include "schema/errors.h"

namespace reticle::validation {

Parameter parameter(const config::Provenance& provenance, const std::string& path,
                    bool of_software) {
  const auto found = provenance.find(path);
  if (found == provenance.end() || !found->second.low || !found->second.high) {
    throw UsageError(path + ": no range to fit in (give low: and high:)");
  }
  const config::Origin& origin = found->second;
  return {path, of_software, origin.value, *origin.low, *origin.high, origin.unit, origin.source};
}

void set_number(google::protobuf::Message& message, const std::string& path, double value) {
  const std::size_t dot = path.find('.');
  const auto* field = message.GetDescriptor()->FindFieldByName(path.substr(0, dot));
  if (field == nullptr) {
    throw std::logic_error("no field " + path);
  }
  const auto* reflection = message.GetReflection();
  if (dot != std::string::npos) {
    set_number(*reflection->MutableMessage(&message, field), path.substr(dot + 1), value);
  } else if (field->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_UINT32) {
    reflection->SetUInt32(&message, field, static_cast<std::uint32_t>(std::lround(value)));
  } else {
    reflection->SetDouble(&message, field, value);
  }
}

}  // namespace reticle::validation
