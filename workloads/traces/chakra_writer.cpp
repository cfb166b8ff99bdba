#include <google/protobuf/util/delimited_message_util.h>

#include <fstream>

#include "schema/errors.h"
#include "workloads/traces/chakra.h"

namespace reticle::traces {
namespace {

void add_int(chakra::Node& node, const char* name, std::int64_t value) {
  chakra::Attribute* attr = node.add_attr();
  attr->set_name(name);
  attr->set_int64_val(value);
}

void add_text(chakra::Node& node, const char* name, const std::string& value) {
  if (!value.empty()) {
    chakra::Attribute* attr = node.add_attr();
    attr->set_name(name);
    attr->set_string_val(value);
  }
}

// Integers as ASTRA-sim reads them: is_cpu_op as bool, all others as int64.
chakra::Node to_message(const ChakraNode& node) {
  chakra::Node out;
  out.set_id(node.id);
  out.set_name(node.name);
  out.set_type(node.type);
  for (const std::uint64_t id : node.dependencies) {
    out.add_data_deps(id);
  }
  out.set_start_time_micros(node.start_us);
  out.set_duration_micros(node.duration_us);
  chakra::Attribute* cpu = out.add_attr();
  cpu->set_name("is_cpu_op");
  cpu->set_bool_val(node.is_cpu_op);
  if (node.num_ops != 0 || node.tensor_size != 0) {
    add_int(out, "num_ops", node.num_ops);
    add_int(out, "tensor_size", node.tensor_size);
  }
  if (node.type == chakra::COMM_COLL_NODE) {
    add_int(out, "comm_type", node.comm_type);
  }
  if (node.type == chakra::COMM_SEND_NODE || node.type == chakra::COMM_RECV_NODE) {
    add_int(out, "comm_src", node.comm_src);
    add_int(out, "comm_dst", node.comm_dst);
    add_int(out, "comm_tag", node.comm_tag);
  }
  if (node.comm_size != 0) {
    add_int(out, "comm_size", node.comm_size);
  }
  add_text(out, "pg_name", node.process_group);
  add_text(out, "stream", node.stream);
  if (node.exact_ps >= 0) {
    add_int(out, "duration_ps", node.exact_ps);
  }
  return out;
}

}  // namespace

void write_chakra(const ChakraTrace& trace, const std::filesystem::path& path) {
  const std::filesystem::path part = path.string() + ".part";
  std::ofstream file(part, std::ios::binary);
  chakra::GlobalMetadata metadata;
  metadata.set_version(trace.version);
  using google::protobuf::util::SerializeDelimitedToOstream;
  bool good = file && SerializeDelimitedToOstream(metadata, &file);
  for (const ChakraNode& node : trace.nodes) {
    good = good && SerializeDelimitedToOstream(to_message(node), &file);
  }
  file.close();
  std::error_code error;
  if (good && file) {
    std::filesystem::rename(part, path, error);
  }
  if (!good || !file || error) {
    std::error_code ignored;
    std::filesystem::remove(part, ignored);
    throw OutputError(path.string() + ": cannot be written");
  }
}

}  // namespace reticle::traces
