#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "study/trace/chrome_writer.h"
#include "study/trace/recording_files.h"
#include "study/trace/recording_words.h"

namespace reticle::study {
namespace {

using nlohmann::ordered_json;
using traces::Details;
using traces::Recording;

class Writer {
 public:
  Writer(const Recording& recording, const std::filesystem::path& path)
      : in_(recording), out_(path, other_data(recording)) {}

  void run() {
    for (const std::string* text : texts()) {
      names_.push_back(json_string(*text));
    }
    for (const Details& details : in_.details) {
      details_.push_back(fields(details));
    }
    metadata();
    const traces::Slices& s = in_.slices;
    for (std::size_t i = 0; i < s.size(); ++i) {
      const std::string word = category_word(s.category[i]);
      out_.slice(thread(s.track[i]), names_[s.name[i]], s.start_ps[i], s.duration_ps[i], args(i),
                 word.empty() ? "" : "\"" + word + "\"");
    }
    for (const traces::Sample& sample : in_.samples) {
      const traces::Counter& counter = in_.counters[sample.counter];
      out_.counter(in_.processes[counter.process].number, json_string(counter.name), sample.time_ps,
                   "{\"value\":" + nlohmann::json(sample.value).dump() + "}");
    }
    flows();
    out_.finish();
  }

 private:
  static std::string other_data(const Recording& recording) {
    return ordered_json({{"source", recording.source}, {"base_us", recording.base_us}}).dump() +
           ",\"deviceProperties\":[" +
           (recording.device.empty() ? "" : "{\"name\":" + json_string(recording.device) + "}") +
           "],\"distributedInfo\":" +
           ordered_json({{"rank", recording.rank}, {"world_size", recording.world_size}}).dump();
  }

  std::vector<const std::string*> texts() const {
    std::vector<const std::string*> out;
    for (std::uint32_t id = 0; id < in_.strings.size(); ++id) {
      out.push_back(&in_.strings.text(id));
    }
    return out;
  }

  ChromeThread thread(std::uint32_t track) const {
    const traces::Track& t = in_.tracks[track];
    return {in_.processes[t.process].number, t.number};
  }

  void metadata() {
    for (const traces::Process& process : in_.processes) {
      const ChromeThread at{process.number, 0};
      out_.metadata("process_name", at, "{\"name\":" + json_string(process.name) + "}");
      if (process.device) {
        out_.metadata("process_labels", at,
                      "{\"labels\":\"GPU " + std::to_string(process.number) + "\"}");
      }
    }
    for (std::uint32_t i = 0; i < in_.tracks.size(); ++i) {
      if (in_.tracks[i].overlap == 0) {
        out_.metadata("thread_name", thread(i),
                      "{\"name\":" + json_string(in_.tracks[i].name) + "}");
      }
    }
  }

  // What is known of a launch, as the inside of a JSON object.
  std::string fields(const Details& d) const {
    ordered_json out = ordered_json::object();
    const auto add = [&](const char* key, std::uint64_t value) {
      if (value != 0) {
        out[key] = value;
      }
    };
    if (d.grid[0] != 0) {
      out["grid"] = d.grid;
      out["block"] = d.block;
    }
    add("registers per thread", d.registers);
    add("shared memory", d.shared_memory_bytes);
    add("bytes", d.bytes);
    if (d.collective != 0) {
      out["Collective name"] = in_.strings.text(d.collective);
      out["dtype"] = in_.strings.text(d.dtype);
      out["Process Group Name"] = in_.strings.text(d.process_group);
    }
    add("Group size", d.group_size);
    add("In msg nelems", d.in_elements);
    add("Out msg nelems", d.out_elements);
    const std::string text = out.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
    return text.substr(1, text.size() - 2);
  }

  std::string args(std::size_t i) const {
    const std::string& details = details_[in_.slices.details[i]];
    const std::uint64_t correlation = in_.slices.correlation[i];
    if (correlation == 0 && details.empty()) {
      return "";
    }
    const std::string tie =
        correlation == 0 ? "" : "\"correlation\":" + std::to_string(correlation);
    return "{" + tie + (tie.empty() || details.empty() ? "" : ",") + details + "}";
  }

  void flows() {
    std::uint64_t id = 0;
    for (const traces::Flow& flow : in_.flows) {
      ++id;
      const traces::Slices& s = in_.slices;
      out_.flow('s', id, thread(s.track[flow.from]), names_[flow.name], s.start_ps[flow.from]);
      out_.flow('f', id, thread(s.track[flow.to]), names_[flow.name], s.start_ps[flow.to]);
    }
  }

  const Recording& in_;
  ChromeWriter out_;
  std::vector<std::string> names_;    // JSON, by text id
  std::vector<std::string> details_;  // JSON, by details id
};

}  // namespace

void write_chrome(const Recording& recording, const std::filesystem::path& path) {
  Writer(recording, path).run();
}

}  // namespace reticle::study
