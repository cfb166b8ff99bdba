#include "workloads/traces/text_input.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "schema/errors.h"

namespace reticle::traces {
namespace {

constexpr unsigned kBufferBytes = 256 * 1024;
constexpr std::size_t kLongestValue = 1024 * 1024;
// Traces of a single repeated event shrink about 100-fold; gzip's limit is 1032.
constexpr std::size_t kGzipRatio = 250;
constexpr std::size_t kRatioFrom = 32 * 1024 * 1024;

}  // namespace

TextInput::TextInput(const std::filesystem::path& path, std::function<bool(double)> progress)
    : progress_(std::move(progress)), buffer_(kBufferBytes + 1) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) {
    throw UsageError(path.string() + ": no such file");
  }
  file_.reset(gzopen(path.c_str(), "rb"));
  if (!file_) {
    throw UsageError(path.string() + ": cannot be opened");
  }
  gzbuffer(file_.get(), kBufferBytes);
  file_bytes_ = std::max(1.0, static_cast<double>(std::filesystem::file_size(path, ignored)));
  next_ = end_ = buffer_.data();
  refill();
}

void TextInput::refill() {
  if (ended_) {
    next_ = end_ - 1;  // stays on '\0'
    return;
  }
  before_ += static_cast<std::size_t>(end_ - buffer_.data());
  next_ = end_ = buffer_.data();
  if (before_ - value_start_ > kLongestValue) {
    return end("a value is longer than 1 MiB");
  }
  const auto packed = static_cast<std::size_t>(gzoffset(file_.get()));
  if (before_ > kRatioFrom && before_ / kGzipRatio > packed) {
    return end("it expands more than 250-fold, as no trace does");
  }
  if (progress_ && !progress_(static_cast<double>(packed) / file_bytes_)) {
    return end("reading was cancelled, so it ends early");
  }
  const int got = gzread(file_.get(), buffer_.data(), kBufferBytes);
  int status = Z_OK;
  const char* what = gzerror(file_.get(), &status);
  if (got < 0 || (got == 0 && status != Z_OK && status != Z_STREAM_END)) {
    return end(status == Z_BUF_ERROR ? "the gzip data end early" : std::string("gzip: ") + what);
  }
  if (got == 0) {
    return end("");
  }
  end_ = buffer_.data() + got;
}

void TextInput::end(const std::string& why) {
  ended_ = true;
  stopped_ = why;
  buffer_[0] = '\0';
  end_ = buffer_.data() + 1;
}

char* TextInput::PutBegin() { throw std::logic_error("TextInput is read only"); }
void TextInput::Put(char) { throw std::logic_error("TextInput is read only"); }
void TextInput::Flush() { throw std::logic_error("TextInput is read only"); }
std::size_t TextInput::PutEnd(char*) { throw std::logic_error("TextInput is read only"); }

}  // namespace reticle::traces
