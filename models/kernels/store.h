#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "schema/kernel.pb.h"

namespace reticle::kernels {

// Results by key: in memory, and (unless the directory is empty) one file a key in a
// content-addressed directory that processes may share. A file appears by atomic rename, so a
// reader never sees half of one; a damaged file counts as absent. A store that cannot be written
// only costs time: `warning` says why.
class Store {
 public:
  explicit Store(std::filesystem::path directory) : directory_(std::move(directory)) {}

  // $RETICLE_STORE, else $XDG_CACHE_HOME/reticle, else ~/.cache/reticle.
  static std::filesystem::path default_directory();

  std::optional<DemandVector> find(const KernelKey& key);
  void put(const KernelKey& key, const DemandVector& demand);

  std::size_t hits() const { return hits_; }
  std::size_t misses() const { return misses_; }
  const std::string& warning() const { return warning_; }

 private:
  std::filesystem::path file_of(const std::string& digest) const;
  std::optional<DemandVector> read(const std::string& digest, const KernelKey& key) const;
  void write(const std::string& digest, const StoredKernel& stored);

  std::filesystem::path directory_;
  std::map<std::string, DemandVector> memory_;
  std::size_t hits_ = 0;
  std::size_t misses_ = 0;
  std::string warning_;
};

}  // namespace reticle::kernels
