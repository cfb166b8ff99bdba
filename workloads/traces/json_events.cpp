#include "workloads/traces/json_events.h"

#include <charconv>
#include <utility>

namespace reticle::traces {
namespace {

constexpr std::uint32_t kDeepest = 64;

constexpr std::pair<std::string_view, JsonKey> kKeys[] = {
    {"name", JsonKey::kName},
    {"ph", JsonKey::kPhase},
    {"ts", JsonKey::kStart},
    {"dur", JsonKey::kDuration},
    {"pid", JsonKey::kPid},
    {"tid", JsonKey::kTid},
    {"cat", JsonKey::kCategory},
    {"args", JsonKey::kArgs},
    {"id", JsonKey::kId},
    {"bind_id", JsonKey::kBindId},
    {"correlation", JsonKey::kCorrelation},
    {"grid", JsonKey::kGrid},
    {"block", JsonKey::kBlock},
    {"registers per thread", JsonKey::kRegisters},
    {"shared memory", JsonKey::kSharedMemory},
    {"bytes", JsonKey::kBytes},
    {"labels", JsonKey::kLabels},
    {"Collective name", JsonKey::kCollective},
    {"dtype", JsonKey::kDtype},
    {"Process Group Name", JsonKey::kGroup},
    {"Group size", JsonKey::kGroupSize},
    {"In msg nelems", JsonKey::kInElements},
    {"Out msg nelems", JsonKey::kOutElements},
    {"traceEvents", JsonKey::kEvents},
    {"deviceProperties", JsonKey::kDevices},
    {"distributedInfo", JsonKey::kDistributed},
    {"rank", JsonKey::kRank},
    {"world_size", JsonKey::kWorldSize}};

JsonKey known_key(std::string_view text) {
  for (const auto& [word, key] : kKeys) {
    if (word == text) {
      return key;
    }
  }
  return JsonKey::kOther;
}

template <class Int>
Int integer(std::string_view text) {
  Int out{};
  std::from_chars(text.data(), text.data() + text.size(), out);
  return out;
}

double real(std::string_view text) {
  double out = 0;
  std::from_chars(text.data(), text.data() + text.size(), out);
  return out;
}

}  // namespace

JsonEvents::JsonEvents(TextInput& input, Recording& out,
                       std::function<void(const TraceEvent&)> sink)
    : input_(input), out_(out), sink_(std::move(sink)) {}

bool JsonEvents::Key(const char* text, rapidjson::SizeType size, bool) {
  key_ = known_key({text, size});
  if (place_ == Place::kArgs && key_ == JsonKey::kOther) {
    key_text_.assign(text, size);
  }
  input_.value_done();
  return true;
}

bool JsonEvents::StartObject() { return enter(false); }
bool JsonEvents::EndObject(rapidjson::SizeType) { return leave(); }
bool JsonEvents::StartArray() { return enter(true); }
bool JsonEvents::EndArray(rapidjson::SizeType) { return leave(); }

bool JsonEvents::enter(bool array) {
  input_.value_done();
  if (++depth_ > kDeepest) {
    refusal_ = "values are nested more than " + std::to_string(kDeepest) + " deep";
    return false;
  }
  const auto other = [&] {
    back_to_ = place_;
    place_ = Place::kOther;
    other_depth_ = depth_;
  };
  if (place_ == Place::kTop) {
    bare_array_ = array;
    place_ = array ? Place::kEvents : Place::kDocument;
  } else if (place_ == Place::kDocument && array && key_ == JsonKey::kEvents) {
    place_ = Place::kEvents;
  } else if (place_ == Place::kDocument && array && key_ == JsonKey::kDevices) {
    place_ = Place::kDevices;
  } else if (place_ == Place::kDocument && !array && key_ == JsonKey::kDistributed) {
    place_ = Place::kDistributed;
  } else if (place_ == Place::kEvents && !array) {
    place_ = Place::kEvent;
    event_.clear();
  } else if (place_ == Place::kEvent && !array && key_ == JsonKey::kArgs) {
    place_ = Place::kArgs;
  } else if (place_ == Place::kArgs && array &&
             (key_ == JsonKey::kGrid || key_ == JsonKey::kBlock)) {
    place_ = Place::kDim;
    dims_ = key_ == JsonKey::kGrid ? &event_.details.grid : &event_.details.block;
    dim_ = 0;
  } else if (place_ == Place::kDevices && !array) {
    // its keys are read where they stand
  } else if (place_ != Place::kOther) {
    other();
  }
  return true;
}

bool JsonEvents::leave() {
  input_.value_done();
  const std::uint32_t depth = depth_--;
  switch (place_) {
    case Place::kOther:
      if (depth == other_depth_) {
        place_ = back_to_;
      }
      break;
    case Place::kDim:
      place_ = Place::kArgs;
      event_.has_details = true;
      break;
    case Place::kArgs:
      place_ = Place::kEvent;
      break;
    case Place::kEvent:
      place_ = Place::kEvents;
      sink_(event_);
      break;
    case Place::kEvents:
      place_ = bare_array_ ? Place::kTop : Place::kDocument;
      break;
    case Place::kDevices:  // its array, or an element
      place_ = depth == 2 ? Place::kDocument : Place::kDevices;
      break;
    default:
      place_ = depth == 1 ? Place::kTop : Place::kDocument;
  }
  return true;
}

bool JsonEvents::value(std::string_view text, bool number) {
  input_.value_done();
  switch (place_) {
    case Place::kEvent:
      event_value(text);
      break;
    case Place::kArgs:
      arg_value(text, number);
      break;
    case Place::kDim:
      if (dim_ < dims_->size()) {
        (*dims_)[dim_++] = integer<std::uint32_t>(text);
      }
      break;
    case Place::kDevices:
      if (key_ == JsonKey::kName && out_.device.empty()) {
        out_.device = text;
      }
      break;
    case Place::kDistributed:
      if (key_ == JsonKey::kRank) {
        out_.rank = integer<std::uint32_t>(text);
      } else if (key_ == JsonKey::kWorldSize) {
        out_.world_size = integer<std::uint32_t>(text);
      }
      break;
    case Place::kTop:
      refusal_ = "it is a single value, not a trace";
      return false;
    default:
      break;
  }
  return true;
}

void JsonEvents::event_value(std::string_view text) {
  if (key_ == JsonKey::kPhase) {
    event_.phase = text.empty() ? '\0' : text.front();
  } else if (key_ == JsonKey::kName) {
    event_.name = out_.strings.id(text);
  } else if (key_ == JsonKey::kCategory) {
    event_.category = text;
  } else if (key_ == JsonKey::kPid) {
    event_.pid = text;
  } else if (key_ == JsonKey::kTid) {
    event_.tid = text;
  } else if (key_ == JsonKey::kStart) {
    event_.start = event_time(text);
  } else if (key_ == JsonKey::kDuration) {
    event_.duration = event_time(text);
  } else if (key_ == JsonKey::kId || key_ == JsonKey::kBindId) {
    event_.id = text;
  }
}

void JsonEvents::arg_value(std::string_view text, bool number) {
  Details& details = event_.details;
  if (number && (event_.phase == 'C' || event_.phase == '\0')) {  // args may come before ph
    event_.values.emplace_back(key_ == JsonKey::kOther ? key_text_ : "value", real(text));
  }
  if (key_ == JsonKey::kCorrelation) {
    event_.correlation = integer<std::uint64_t>(text);
  } else if (key_ == JsonKey::kRegisters) {
    details.registers = integer<std::uint32_t>(text);
  } else if (key_ == JsonKey::kSharedMemory) {
    details.shared_memory_bytes = integer<std::uint32_t>(text);
  } else if (key_ == JsonKey::kBytes && number) {
    details.bytes = integer<std::uint64_t>(text);
    event_.has_details = true;
  } else if (key_ == JsonKey::kCollective) {
    details.collective = out_.strings.id(text);
    event_.has_details = true;
  } else if (key_ == JsonKey::kDtype && !number) {
    details.dtype = out_.strings.id(text);
  } else if (key_ == JsonKey::kGroup) {
    details.process_group = out_.strings.id(text);
  } else if (key_ == JsonKey::kGroupSize) {
    details.group_size = integer<std::uint32_t>(text);
  } else if (key_ == JsonKey::kInElements) {
    details.in_elements = integer<std::uint64_t>(text);
  } else if (key_ == JsonKey::kOutElements) {
    details.out_elements = integer<std::uint64_t>(text);
  } else if (key_ == JsonKey::kName || key_ == JsonKey::kLabels) {
    event_.text = text;
  }
}

}  // namespace reticle::traces
