#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "schema/chakra.pb.h"

namespace reticle::traces {

// One node of a Chakra execution trace, with the attributes that a replay needs. Numbers that the
// trace does not give are 0.
struct ChakraNode {
  std::uint64_t id = 0;
  std::string name;
  chakra::NodeType type = chakra::INVALID_NODE;
  std::vector<std::uint64_t> dependencies;  // ids, control before data, as in the file
  std::uint64_t start_us = 0;
  std::uint64_t duration_us = 0;
  bool is_cpu_op = false;
  std::int64_t num_ops = 0;      // floating-point operations
  std::int64_t tensor_size = 0;  // bytes the operator moves
  chakra::CollectiveType comm_type = chakra::ALL_REDUCE;
  std::int64_t comm_size = 0;  // bytes
  std::int64_t comm_src = 0;
  std::int64_t comm_dst = 0;
  std::int64_t comm_tag = 0;
  std::string process_group;   // pg_name
  std::int64_t exact_ps = -1;  // Reticle's own: the duration in picoseconds; -1: not given
  std::string stream;          // Reticle's own: where it ran

  bool operator==(const ChakraNode& other) const;
};

// One rank's trace.
struct ChakraTrace {
  std::filesystem::path path;
  std::string version;
  std::vector<ChakraNode> nodes;  // in file order
};

// Reads one file, message by message. Integers may be of any of Chakra's types (writers differ).
// Errors, each with the byte: UsageError: no such file. InputError: no Chakra trace, a length that
// the file does not hold or of more than 2 MiB, no node, an id given twice.
ChakraTrace read_chakra(const std::filesystem::path& path);

// The files of a trace: DIR holds PREFIX.0.et ... PREFIX.N.et of one prefix. UsageError: no such
// directory. InputError: none, a rank that is missing, two prefixes.
std::vector<std::filesystem::path> chakra_files(const std::filesystem::path& dir);

// Writes one file as ASTRA-sim reads it. OutputError.
void write_chakra(const ChakraTrace& trace, const std::filesystem::path& path);

}  // namespace reticle::traces
