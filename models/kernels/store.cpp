#include "models/kernels/store.h"

#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "models/kernels/kernel_key.h"
#include "schema/config/canonical.h"

namespace reticle::kernels {

namespace fs = std::filesystem;

fs::path Store::default_directory() {
  if (const char* chosen = std::getenv("RETICLE_STORE")) {
    return chosen;
  }
  if (const char* cache = std::getenv("XDG_CACHE_HOME")) {
    return fs::path(cache) / "reticle";
  }
  const char* home = std::getenv("HOME");
  return home == nullptr ? fs::path() : fs::path(home) / ".cache" / "reticle";
}

// 256 sub-directories keep each of them small.
fs::path Store::file_of(const std::string& digest) const {
  return directory_ / digest.substr(0, 2) / (digest + ".pb");
}

std::optional<DemandVector> Store::find(const KernelKey& key) {
  const std::string name = digest(key);
  const auto known = memory_.find(name);
  if (known != memory_.end()) {
    ++hits_;
    return known->second;
  }
  std::optional<DemandVector> stored = directory_.empty() ? std::nullopt : read(name, key);
  ++(stored ? hits_ : misses_);
  if (stored) {
    memory_[name] = *stored;
  }
  return stored;
}

std::optional<DemandVector> Store::read(const std::string& digest, const KernelKey& key) const {
  std::ifstream in(file_of(digest), std::ios::binary);
  StoredKernel stored;
  if (!in || !stored.ParseFromIstream(&in) || !stored.has_demand() ||
      config::deterministic_bytes(stored.key()) != config::deterministic_bytes(key)) {
    return std::nullopt;
  }
  return stored.demand();
}

void Store::put(const KernelKey& key, const DemandVector& demand) {
  const std::string name = digest(key);
  memory_[name] = demand;
  if (directory_.empty() || !warning_.empty()) {
    return;
  }
  StoredKernel stored;
  *stored.mutable_key() = key;
  *stored.mutable_demand() = demand;
  write(name, stored);
}

void Store::write(const std::string& digest, const StoredKernel& stored) {
  const fs::path file = file_of(digest);
  std::error_code error;
  fs::create_directories(file.parent_path(), error);
  std::string temporary = file.string() + ".XXXXXX";  // unique on a shared file system, too
  const int descriptor = mkstemp(temporary.data());
  const bool written = descriptor >= 0 && stored.SerializeToFileDescriptor(descriptor);
  const bool closed = descriptor >= 0 && close(descriptor) == 0;
  if (written && closed) {
    fs::rename(temporary, file, error);
  }
  if (!written || !closed || error) {
    fs::remove(temporary, error);
    warning_ = "kernel store " + directory_.string() +
               " cannot be written; results are kept for this run only";
  }
}

}  // namespace reticle::kernels
