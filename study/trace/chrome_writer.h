#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "sim/trace/output_file.h"

namespace reticle::study {

// A text as a JSON string, with its quotes; what is not UTF-8 becomes U+FFFD.
std::string json_string(std::string_view text);

// Picoseconds as microseconds, exactly: 1234567 is 1.234567.
std::string exact_us(std::int64_t ps);

// Where an event of a Chrome trace belongs.
struct ChromeThread {
  std::uint64_t pid = 0;
  std::uint64_t tid = 0;
};

// Writes a Chrome trace (JSON object format), event by event. Names and values are JSON already.
// Throws OutputError.
class ChromeWriter {
 public:
  // `other_data`: a JSON object.
  ChromeWriter(const std::filesystem::path& path, const std::string& other_data);

  // process_name, thread_name, process_sort_index, thread_sort_index; `args`: a JSON object.
  void metadata(const char* what, ChromeThread thread, const std::string& args);
  void slice(ChromeThread thread, const std::string& name, std::int64_t start_ps,
             std::int64_t duration_ps, const std::string& args, const std::string& category = "");
  void counter(std::uint64_t pid, const std::string& name, std::int64_t time_ps,
               const std::string& args);
  // phase: 's' where the arrow starts, 'f' where it ends.
  void flow(char phase, std::uint64_t id, ChromeThread thread, const std::string& name,
            std::int64_t time_ps);
  void finish();

 private:
  void event(const std::string& fields);

  trace::OutputFile file_;
  bool first_ = true;
};

}  // namespace reticle::study
