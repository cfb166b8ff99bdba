#include "study/trace/chrome_writer.h"

#include <nlohmann/json.hpp>

namespace reticle::study {
namespace {

constexpr std::int64_t kPsPerUs = 1000000;
constexpr std::size_t kDigits = 6;

std::string place(ChromeThread thread) {
  return ",\"pid\":" + std::to_string(thread.pid) + ",\"tid\":" + std::to_string(thread.tid);
}

}  // namespace

std::string json_string(std::string_view text) {
  using nlohmann::json;
  return json(std::string(text)).dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string exact_us(std::int64_t ps) {
  std::string text = std::to_string(ps / kPsPerUs);
  if (ps % kPsPerUs != 0) {
    const std::string digits = std::to_string(ps % kPsPerUs);
    text += "." + std::string(kDigits - digits.size(), '0') + digits;
    text.erase(text.find_last_not_of('0') + 1);
  }
  return text;
}

ChromeWriter::ChromeWriter(const std::filesystem::path& path, const std::string& other_data)
    : file_(path) {
  file_.write("{\"displayTimeUnit\":\"ns\",\"otherData\":" + other_data + ",\"traceEvents\":[");
}

void ChromeWriter::metadata(const char* what, ChromeThread thread, const std::string& args) {
  event(std::string("\"ph\":\"M\",\"name\":\"") + what + "\"" + place(thread) +
        ",\"args\":" + args);
}

void ChromeWriter::slice(ChromeThread thread, const std::string& name, std::int64_t start_ps,
                         std::int64_t duration_ps, const std::string& args,
                         const std::string& category) {
  std::string fields = "\"ph\":\"X\"" + (category.empty() ? "" : ",\"cat\":" + category) +
                       ",\"name\":" + name + place(thread) + ",\"ts\":" + exact_us(start_ps) +
                       ",\"dur\":" + exact_us(duration_ps);
  event(args.empty() ? fields : fields + ",\"args\":" + args);
}

void ChromeWriter::counter(std::uint64_t pid, const std::string& name, std::int64_t time_ps,
                           const std::string& args) {
  event("\"ph\":\"C\",\"name\":" + name + ",\"pid\":" + std::to_string(pid) +
        ",\"ts\":" + exact_us(time_ps) + ",\"args\":" + args);
}

void ChromeWriter::flow(char phase, std::uint64_t id, ChromeThread thread, const std::string& name,
                        std::int64_t time_ps) {
  // bp e: the arrow ends at the slice around it, not at the next one.
  event(std::string("\"ph\":\"") + phase + "\"" + (phase == 'f' ? ",\"bp\":\"e\"" : "") +
        ",\"cat\":\"flow\",\"name\":" + name + ",\"id\":" + std::to_string(id) + place(thread) +
        ",\"ts\":" + exact_us(time_ps));
}

void ChromeWriter::finish() {
  file_.write("\n]}\n");
  file_.commit();
}

void ChromeWriter::event(const std::string& fields) {
  file_.write(first_ ? "\n{" : ",\n{");
  file_.write(fields);
  file_.write("}");
  first_ = false;
}

}  // namespace reticle::study
