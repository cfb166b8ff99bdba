#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl.h>
#include <google/protobuf/stubs/logging.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <map>
#include <optional>
#include <tuple>
#include <unordered_set>

#include "schema/errors.h"
#include "workloads/traces/chakra.h"

namespace reticle::traces {
namespace {

// Real nodes take kilobytes. A message in memory is up to 32 times its bytes.
constexpr std::uint32_t kLongestMessage = 2 * 1024 * 1024;

std::int64_t integer(double value) {
  constexpr double kMost = 9e18;
  return std::abs(value) < kMost ? static_cast<std::int64_t>(value) : 0;
}

// Writers differ in the type they choose for a number.
std::int64_t integer(const chakra::Attribute& a) {
  switch (a.value_case()) {
    case chakra::Attribute::kDoubleVal:
      return integer(a.double_val());
    case chakra::Attribute::kFloatVal:
      return integer(static_cast<double>(a.float_val()));
    case chakra::Attribute::kInt32Val:
      return a.int32_val();
    case chakra::Attribute::kInt64Val:
      return a.int64_val();
    case chakra::Attribute::kUint32Val:
      return a.uint32_val();
    case chakra::Attribute::kUint64Val:
      return static_cast<std::int64_t>(a.uint64_val());
    case chakra::Attribute::kSint32Val:
      return a.sint32_val();
    case chakra::Attribute::kSint64Val:
      return a.sint64_val();
    case chakra::Attribute::kFixed32Val:
      return a.fixed32_val();
    case chakra::Attribute::kFixed64Val:
      return static_cast<std::int64_t>(a.fixed64_val());
    case chakra::Attribute::kSfixed32Val:
      return a.sfixed32_val();
    case chakra::Attribute::kSfixed64Val:
      return a.sfixed64_val();
    case chakra::Attribute::kBoolVal:
      return a.bool_val() ? 1 : 0;
    default:
      return 0;
  }
}

void set_attribute(const chakra::Attribute& attr, ChakraNode& node) {
  const std::string& name = attr.name();
  if (name == "is_cpu_op") {
    node.is_cpu_op = integer(attr) != 0;
  } else if (name == "num_ops") {
    node.num_ops = integer(attr);
  } else if (name == "tensor_size") {
    node.tensor_size = integer(attr);
  } else if (name == "comm_type") {
    node.comm_type = static_cast<chakra::CollectiveType>(integer(attr));
  } else if (name == "comm_size") {
    node.comm_size = integer(attr);
  } else if (name == "comm_src") {
    node.comm_src = integer(attr);
  } else if (name == "comm_dst") {
    node.comm_dst = integer(attr);
  } else if (name == "comm_tag") {
    node.comm_tag = integer(attr);
  } else if (name == "pg_name") {
    node.process_group = attr.value_case() == chakra::Attribute::kStringVal
                             ? attr.string_val()
                             : std::to_string(integer(attr));
  } else if (name == "duration_ps") {
    node.exact_ps = integer(attr);
  } else if (name == "stream") {
    node.stream = attr.string_val();
  }
}

ChakraNode to_node(const chakra::Node& message) {
  ChakraNode node;
  node.id = message.id();
  node.name = message.name();
  node.type = message.type();
  node.dependencies.assign(message.ctrl_deps().begin(), message.ctrl_deps().end());
  node.dependencies.insert(node.dependencies.end(), message.data_deps().begin(),
                           message.data_deps().end());
  node.start_us = message.start_time_micros();
  node.duration_us = message.duration_micros();
  for (const chakra::Attribute& attr : message.attr()) {
    set_attribute(attr, node);
  }
  return node;
}

class Messages {
 public:
  explicit Messages(const std::filesystem::path& path)
      : path_(path), bytes_(open(path)), file_(path, std::ios::binary), stream_(&file_) {}

  // The next message; false at the end of the file.
  template <class Message>
  bool next(Message& message) {
    if (at_ == bytes_) {
      return false;
    }
    const std::uint64_t begin = at_;
    google::protobuf::io::CodedInputStream in(&stream_);
    std::uint32_t length = 0;
    if (!in.ReadVarint32(&length)) {
      refuse(begin, "no length of a message");
    }
    const std::uint64_t head = static_cast<std::uint64_t>(in.CurrentPosition());
    if (length > kLongestMessage) {
      refuse(begin, "a message of " + std::to_string(length) + " bytes; nodes take thousands");
    }
    if (length > bytes_ - begin - head) {
      refuse(begin, "a message of " + std::to_string(length) + " bytes, but the file ends after " +
                        std::to_string(bytes_ - begin - head));
    }
    const auto limit = in.PushLimit(static_cast<int>(length));
    message.Clear();
    if (!message.ParseFromCodedStream(&in) || !in.ConsumedEntireMessage()) {
      refuse(begin, "no message of a Chakra trace");
    }
    in.PopLimit(limit);
    at_ = begin + head + length;
    return true;
  }

  std::uint64_t at() const { return at_; }

  [[noreturn]] void refuse(std::uint64_t byte, const std::string& what) const {
    throw InputError(path_.string() + ": byte " + std::to_string(byte) + ": " + what +
                     " (a Chakra trace is messages that each come after their length)");
  }

 private:
  static std::uint64_t open(const std::filesystem::path& path) {
    std::error_code error;
    if (!std::filesystem::is_regular_file(path, error)) {
      throw UsageError(path.string() + ": no such file");
    }
    return std::filesystem::file_size(path);
  }

  std::filesystem::path path_;
  std::uint64_t bytes_;
  std::ifstream file_;
  google::protobuf::io::IstreamInputStream stream_;
  std::uint64_t at_ = 0;
};

}  // namespace

bool ChakraNode::operator==(const ChakraNode& other) const {
  const auto all = [](const ChakraNode& n) {
    return std::tie(n.id, n.name, n.type, n.dependencies, n.start_us, n.duration_us, n.is_cpu_op,
                    n.num_ops, n.tensor_size, n.comm_type, n.comm_size, n.comm_src, n.comm_dst,
                    n.comm_tag, n.process_group, n.exact_ps, n.stream);
  };
  return all(*this) == all(other);
}

ChakraTrace read_chakra(const std::filesystem::path& path) {
  const google::protobuf::LogSilencer quiet;  // what is wrong is in the error, not on stderr
  Messages messages(path);
  ChakraTrace out;
  out.path = path;
  chakra::GlobalMetadata metadata;
  if (messages.next(metadata)) {
    out.version = metadata.version();
  }
  std::unordered_set<std::uint64_t> ids;
  chakra::Node node;
  for (std::uint64_t at = messages.at(); messages.next(node); at = messages.at()) {
    if (!ids.insert(node.id()).second) {
      messages.refuse(at, "node " + std::to_string(node.id()) + " is given twice");
    }
    out.nodes.push_back(to_node(node));
  }
  if (out.nodes.empty()) {
    messages.refuse(messages.at(), "the trace has no nodes");
  }
  return out;
}

std::vector<std::filesystem::path> chakra_files(const std::filesystem::path& dir) {
  std::error_code error;
  if (!std::filesystem::is_directory(dir, error)) {
    throw UsageError(dir.string() + ": no such directory");
  }
  std::map<std::uint32_t, std::filesystem::path> ranks;
  std::string prefix;
  for (const auto& entry : std::filesystem::directory_iterator(dir)) {
    const std::filesystem::path stem = entry.path().stem();  // PREFIX.RANK
    const std::string number = stem.extension().string();
    std::uint32_t rank = 0;
    const char* const end = number.data() + number.size();
    if (entry.path().extension() != ".et" || number.size() < 2 ||
        std::from_chars(number.data() + 1, end, rank).ptr != end) {
      continue;
    }
    const std::string own = stem.stem().string();
    if (!ranks.empty() && own != prefix) {
      throw InputError(dir.string() + ": traces of two runs, " + std::min(own, prefix) + " and " +
                       std::max(own, prefix) + " (a directory holds PREFIX.0.et ... of one)");
    }
    prefix = own;
    ranks[rank] = entry.path();
  }
  std::vector<std::filesystem::path> out;
  for (const auto& [rank, path] : ranks) {
    if (rank != out.size()) {
      throw InputError(dir.string() + ": " + prefix + "." + std::to_string(out.size()) +
                       ".et is missing");
    }
    out.push_back(path);
  }
  if (out.empty()) {
    throw InputError(dir.string() + ": no Chakra trace (files PREFIX.0.et, PREFIX.1.et, ...)");
  }
  return out;
}

}  // namespace reticle::traces
