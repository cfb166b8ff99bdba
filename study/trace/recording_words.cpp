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

}  // namespace reticle::study
