#pragma once

#include <zlib.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace reticle::traces {

// A text file, plain or gzip, as a stream of characters for RapidJSON; memory does not grow with
// the file. What a hostile file would need without end is refused: a value of more than a megabyte,
// and gzip that expands more than any real trace. After a refusal, as at the end, characters are
// '\0'.
class TextInput {
 public:
  using Ch = char;

  // `progress` is told the share of the file that has been read, a few times a megabyte; false ends
  // the text there. UsageError: no such file.
  explicit TextInput(const std::filesystem::path& path, std::function<bool(double)> progress = {});

  char Peek() const { return *next_; }
  char Take() {
    const char taken = *next_++;
    if (next_ == end_) {
      refill();
    }
    return taken;
  }
  std::size_t Tell() const { return before_ + static_cast<std::size_t>(next_ - buffer_.data()); }

  // A value has been read; the next may be a megabyte long.
  void value_done() { value_start_ = Tell(); }

  bool at_end() const { return ended_ && next_ == end_ - 1; }
  // Why reading stopped before the end of the file; empty if it did not.
  const std::string& stopped() const { return stopped_; }

  // RapidJSON's stream concept asks for these; only in-situ parsing calls them.
  char* PutBegin();
  void Put(char);
  void Flush();
  std::size_t PutEnd(char*);

 private:
  struct Close {
    void operator()(gzFile file) const { gzclose(file); }
  };

  void refill();
  void end(const std::string& why);

  std::unique_ptr<gzFile_s, Close> file_;
  std::function<bool(double)> progress_;
  double file_bytes_ = 1;
  std::vector<char> buffer_;
  const char* next_;
  const char* end_;
  std::size_t before_ = 0;  // bytes before the buffer's first
  std::size_t value_start_ = 0;
  bool ended_ = false;
  std::string stopped_;
};

}  // namespace reticle::traces
