#include "workloads/traces/kineto_reader.h"

#include <rapidjson/error/en.h>
#include <rapidjson/reader.h>

#include <string>

#include "schema/errors.h"
#include "workloads/traces/json_events.h"
#include "workloads/traces/recording_builder.h"
#include "workloads/traces/text_input.h"

namespace reticle::traces {
namespace {

constexpr unsigned kFlags = rapidjson::kParseNumbersAsStringsFlag | rapidjson::kParseNanAndInfFlag;

}  // namespace

Recording read_kineto(const std::filesystem::path& path,
                      const std::function<bool(double)>& progress) {
  Recording out;
  out.source = "kineto";
  RecordingBuilder builder(out);
  TextInput input(path, progress);
  JsonEvents events(input, out, [&](const TraceEvent& event) { builder.add(event); });
  rapidjson::Reader reader;
  const rapidjson::ParseResult result = reader.Parse<kFlags>(input, events);
  const std::string place = "byte " + std::to_string(result.Offset()) + ": ";
  const std::string hint = " (a trace is JSON with a list traceEvents)";
  if (!events.refusal().empty()) {
    throw InputError(path.string() + ": " + place + events.refusal());
  }
  if (result.IsError() && !(input.at_end() && result.Offset() > 0)) {
    throw InputError(path.string() + ": " + place + rapidjson::GetParseError_En(result.Code()) +
                     hint);
  }
  if (!input.stopped().empty() && input.stopped().find("early") == std::string::npos) {
    throw InputError(path.string() + ": " + place + input.stopped());
  }
  if (result.IsError()) {
    out.truncated = place + "the file ends early; what comes before is read";
  }
  builder.finish();
  if (out.slices.size() == 0 && out.samples.empty()) {
    throw InputError(path.string() + ": no event with a usable time" + hint);
  }
  return out;
}

}  // namespace reticle::traces
