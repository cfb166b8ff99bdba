#pragma once

#include <rapidjson/rapidjson.h>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "workloads/traces/recording.h"
#include "workloads/traces/text_input.h"
#include "workloads/traces/trace_event.h"

namespace reticle::traces {

// The keys that Reticle reads, wherever they stand.
enum class JsonKey : std::uint8_t {
  kOther,
  kArgs,
  kBindId,
  kBlock,
  kBytes,
  kCategory,
  kCollective,
  kCorrelation,
  kDevices,
  kDistributed,
  kDtype,
  kDuration,
  kEvents,
  kGrid,
  kGroup,
  kGroupSize,
  kId,
  kInElements,
  kLabels,
  kName,
  kOutElements,
  kPhase,
  kPid,
  kRank,
  kRegisters,
  kSharedMemory,
  kStart,
  kTid,
  kWorldSize
};

// RapidJSON's SAX handler for a Chrome trace: an object with the key traceEvents, or an array of
// events. What Reticle does not know is passed over.
class JsonEvents {
 public:
  // `sink` is called for every event; its argument is valid during the call.
  JsonEvents(TextInput& input, Recording& out, std::function<void(const TraceEvent&)> sink);

  // Why the handler stopped the parser; empty if it did not.
  const std::string& refusal() const { return refusal_; }

  bool Null() { return value({}, false); }
  bool Bool(bool) { return value({}, false); }
  bool Int(int) { return false; }  // numbers arrive as text: RawNumber
  bool Uint(unsigned) { return false; }
  bool Int64(std::int64_t) { return false; }
  bool Uint64(std::uint64_t) { return false; }
  bool Double(double) { return false; }
  bool RawNumber(const char* text, rapidjson::SizeType size, bool) {
    return value({text, size}, true);
  }
  bool String(const char* text, rapidjson::SizeType size, bool) {
    return value({text, size}, false);
  }
  bool Key(const char* text, rapidjson::SizeType size, bool);
  bool StartObject();
  bool EndObject(rapidjson::SizeType);
  bool StartArray();
  bool EndArray(rapidjson::SizeType);

 private:
  enum class Place {
    kTop,
    kDocument,
    kEvents,
    kEvent,
    kArgs,
    kDim,
    kDevices,
    kDistributed,
    kOther
  };

  bool value(std::string_view text, bool number);
  void event_value(std::string_view text);
  void arg_value(std::string_view text, bool number);
  bool enter(bool array);
  bool leave();

  TextInput& input_;
  Recording& out_;
  std::function<void(const TraceEvent&)> sink_;
  TraceEvent event_;
  JsonKey key_ = JsonKey::kOther;
  std::string key_text_;  // of a counter's series
  // Where we are; below kOther only the depth counts.
  Place place_ = Place::kTop;
  std::uint32_t depth_ = 0;
  std::uint32_t other_depth_ = 0;
  Place back_to_ = Place::kTop;  // from kOther
  bool bare_array_ = false;
  std::size_t dim_ = 0;
  std::array<std::uint32_t, 3>* dims_ = nullptr;
  std::string refusal_;
};

}  // namespace reticle::traces
