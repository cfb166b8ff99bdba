#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "workloads/traces/kernel_class.h"
#include "workloads/traces/recording.h"

namespace reticle::study {

// Kernels, copies and fills of one class.
struct ProfileClass {
  traces::KernelClass kernel_class = traces::KernelClass::kOther;
  std::uint64_t count = 0;
  std::int64_t total_ps = 0;
  double share = 0;         // of all device time
  double median_ps = 0;     // mean of the two middle ones if their number is even
  std::int64_t p95_ps = 0;  // nearest rank
  // Of the kernels whose shapes are known (study/retarget/estimates.h): what they compute and move
  // at least, and their recorded time.
  double operations = 0;
  double bytes = 0;
  std::int64_t estimated_ps = 0;
};

// A stream of a device.
struct ProfileStream {
  std::string name;
  std::uint64_t kernels = 0;
  std::int64_t busy_ps = 0;
  std::int64_t idle_ps = 0;  // within the span of all devices' work
  // Between a kernel's end and the start of the next one that had been launched by then.
  std::uint64_t gaps = 0;
  double median_gap_ps = 0;
  std::int64_t late_launch_ps = 0;  // idle because the next launch came later
};

struct ProfileStep {
  std::string name;  // of the annotation
  std::int64_t start_ps = 0;
  std::int64_t duration_ps = 0;
};

// What a profile of one rank says.
struct ProfileInfo {
  std::string file;
  std::string source;
  std::string truncated;
  std::string device;
  std::uint32_t rank = 0;
  std::uint32_t world_size = 1;
  std::uint64_t slices = 0;
  std::uint64_t flows = 0;
  std::uint64_t samples = 0;
  std::uint64_t kernels = 0;
  std::int64_t first_ps = 0;  // of the device's work
  std::int64_t last_ps = 0;
  std::int64_t kernel_ps = 0;   // sum over the streams
  std::int64_t compute_ps = 0;  // some kernel that computes runs
  std::int64_t comm_ps = 0;     // some kernel that communicates runs
  std::int64_t overlap_ps = 0;  // both
  std::int64_t exposed_comm_ps() const { return comm_ps - overlap_ps; }
  std::int64_t idle_ps = 0;           // neither
  std::vector<ProfileClass> classes;  // longest total first
  std::vector<ProfileStream> streams;
  std::vector<ProfileStep> steps;  // ProfilerStep#N
  // Time on the critical path, by class; what no device task of it covers is `host`.
  std::vector<std::pair<std::string, std::int64_t>> critical_path;
  std::int64_t critical_path_ps = 0;
  std::uint64_t event_waits = 0;
  std::uint64_t event_edges = 0;
  traces::Oddities oddities;
};

ProfileInfo profile_info(const traces::Recording& recording, const std::string& file);

nlohmann::ordered_json to_json(const ProfileInfo& info);
std::string to_text(const ProfileInfo& info);

// Name and count of every oddity, in a fixed order.
std::vector<std::pair<const char*, std::uint64_t>> listed(const traces::Oddities& oddities);

}  // namespace reticle::study
