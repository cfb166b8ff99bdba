#include "study/trace/recording_words.h"

#include <array>
#include <utility>

namespace reticle::study {
namespace {

using traces::Category;

constexpr std::array<std::pair<Category, const char*>, 7> kWords = {
    {{Category::kOther, ""},
     {Category::kOperator, "cpu_op"},
     {Category::kRuntime, "cuda_runtime"},
     {Category::kKernel, "kernel"},
     {Category::kMemcpy, "gpu_memcpy"},
     {Category::kMemset, "gpu_memset"},
     {Category::kAnnotation, "user_annotation"}}};

std::string dims(const std::array<std::uint32_t, 3>& d) {
  return std::to_string(d[0]) + "," + std::to_string(d[1]) + "," + std::to_string(d[2]);
}

}  // namespace

std::string category_word(Category category) {
  return kWords[static_cast<std::size_t>(category)].second;
}

Category category_of(const std::string& word) {
  for (const auto& [category, own] : kWords) {
    if (word == own) {
      return category;
    }
  }
  return Category::kOther;
}

trace::Args launch_args(const traces::Details& d, const traces::Strings& strings,
                        const std::function<trace::StringId(const std::string&)>& intern) {
  trace::Args out;
  const auto number = [&](const char* key, std::uint64_t value) {
    if (value != 0) {
      out.push_back({intern(key), static_cast<std::int64_t>(value)});
    }
  };
  const auto word = [&](const char* key, const std::string& value) {
    if (!value.empty()) {
      out.push_back({intern(key), intern(value)});
    }
  };
  if (d.grid[0] != 0) {
    word("grid", dims(d.grid));
    word("block", dims(d.block));
  }
  number("registers", d.registers);
  number("shared_memory_bytes", d.shared_memory_bytes);
  number("bytes", d.bytes);
  word("collective", strings.text(d.collective));
  word("dtype", strings.text(d.dtype));
  word("process_group", strings.text(d.process_group));
  number("group_size", d.group_size);
  number("in_elements", d.in_elements);
  number("out_elements", d.out_elements);
  return out;
}

}  // namespace reticle::study
