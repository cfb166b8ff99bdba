#include "schema/csv.h"

#include <fstream>
#include <iterator>
#include <utility>

#include "schema/errors.h"

namespace reticle {
namespace {

class Reader {
 public:
  Reader(std::string text, std::string name) : text_(std::move(text)), name_(std::move(name)) {
    if (text_.compare(0, 3, "\xEF\xBB\xBF") == 0) {
      at_ = 3;
    }
  }

  std::vector<CsvRow> rows() {
    std::vector<CsvRow> rows;
    while (at_ < text_.size()) {
      if (end_of_line()) {
        continue;
      }
      const int first_line = line_;
      CsvRow row = record();
      if (!rows.empty() && row.size() != rows.front().size()) {
        fail(first_line, std::to_string(row.size()) + " fields where the header has " +
                             std::to_string(rows.front().size()));
      }
      rows.push_back(std::move(row));
    }
    return rows;
  }

 private:
  [[noreturn]] void fail(int line, const std::string& what) const {
    throw InputError(name_ + ":" + std::to_string(line) + ": " + what);
  }

  bool end_of_line() {
    const bool crlf = text_.compare(at_, 2, "\r\n") == 0;
    if (!crlf && text_[at_] != '\n') {
      return false;
    }
    at_ += crlf ? 2 : 1;
    ++line_;
    return true;
  }

  CsvRow record() {
    CsvRow row;
    while (true) {
      row.push_back(at_ < text_.size() && text_[at_] == '"' ? quoted() : plain());
      if (at_ >= text_.size() || end_of_line()) {
        return row;
      }
      if (text_[at_] != ',') {
        fail(line_, "text after a closing quote (write \"\" for a quote inside a quoted field)");
      }
      ++at_;
    }
  }

  std::string plain() {
    const size_t begin = at_;
    while (at_ < text_.size() && text_[at_] != ',' && text_[at_] != '\n' &&
           text_.compare(at_, 2, "\r\n") != 0) {
      if (text_[at_] == '"') {
        fail(line_, "a quote inside a field that is not quoted");
      }
      ++at_;
    }
    return text_.substr(begin, at_ - begin);
  }

  std::string quoted() {
    const int first_line = line_;
    std::string field;
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '"') {
        ++at_;
        if (at_ >= text_.size() || text_[at_] != '"') {
          return field;
        }
      }
      line_ += text_[at_] == '\n' ? 1 : 0;
      field += text_[at_];
    }
    fail(first_line, "a quoted field is not closed");
  }

  std::string text_;
  std::string name_;
  size_t at_ = 0;
  int line_ = 1;
};

}  // namespace

std::vector<CsvRow> read_csv(std::istream& in, const std::string& name) {
  return Reader({std::istreambuf_iterator<char>(in), {}}, name).rows();
}

std::vector<CsvRow> read_csv(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in || std::filesystem::is_directory(file)) {
    throw UsageError("cannot read " + file.string());
  }
  return read_csv(in, file.string());
}

std::string csv_line(const CsvRow& fields) {
  std::string line;
  for (size_t i = 0; i < fields.size(); ++i) {
    line += i == 0 ? "" : ",";
    const bool looks_like_an_empty_line = fields.size() == 1 && fields[i].empty();
    if (fields[i].find_first_of(",\"\r\n") == std::string::npos && !looks_like_an_empty_line) {
      line += fields[i];
      continue;
    }
    line += '"';
    for (const char c : fields[i]) {
      line += c == '"' ? "\"\"" : std::string(1, c);
    }
    line += '"';
  }
  return line + "\n";
}

}  // namespace reticle
