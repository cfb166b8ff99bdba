// More of anything a chip has never makes a kernel slower, beyond what a grid of tiles costs:
// random chips around those of configs/chips, random shapes of the operators.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdio>
#include <deque>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "models/kernels/fast_model.h"
#include "models/kernels/kernel_key.h"
#include "models/kernels/kernel_model.h"
#include "schema/config/assign.h"
#include "schema/config/catalog.h"

using namespace reticle;
using namespace reticle::kernels;

namespace {

using Random = std::mt19937_64;

// 0 to below 1, the same with every library.
double uniform(Random& random) { return static_cast<double>(random() >> 11) * 0x1p-53; }

// From a half to twice `value`.
double around(double value, Random& random) { return value * std::exp2(2 * uniform(random) - 1); }

std::int64_t octaves(std::int64_t least, int most, Random& random) {
  return static_cast<std::int64_t>(static_cast<double>(least) * std::exp2(most * uniform(random)));
}

struct Site {
  Chip chip;
  Software software;
};

Site site_of(const std::string& name) {
  const config::Catalog catalog(std::string(RETICLE_SOURCE_DIR) + "/configs");
  Site site;
  site.chip = catalog.chip(name).message;
  site.software = catalog.software(site.chip.software()).message;
  return site;
}

void scale_cores(Chip& chip, double factor) {
  const auto times = [factor](std::uint32_t cores) {
    return std::max<std::uint32_t>(2, static_cast<std::uint32_t>(cores * factor));
  };
  if (chip.family() == FAMILY_DAVINCI) {
    const std::uint32_t cubes = times(chip.davinci().cube_cores());
    chip.mutable_davinci()->set_cube_cores(cubes);
    chip.mutable_davinci()->set_vector_cores(2 * cubes);
  } else {
    chip.mutable_tensor_gpu()->set_sms(times(chip.tensor_gpu().sms()));
  }
}

void scale_l2(Chip& chip, double factor) {
  L2& l2 = *chip.mutable_l2();
  l2.set_read_bandwidth(factor * l2.read_bandwidth());
  l2.set_write_bandwidth(factor * l2.write_bandwidth());
  l2.set_crossing(factor * l2.crossing());
}

void scale_ports(Chip& chip, double factor) {
  if (chip.family() == FAMILY_DAVINCI) {
    Davinci& core = *chip.mutable_davinci();
    core.set_mte2_cube(factor * core.mte2_cube());
    core.set_mte2_vector(factor * core.mte2_vector());
    core.set_mte3(factor * core.mte3());
    core.set_fixpipe(factor * core.fixpipe());
  } else {
    TensorGpu& gpu = *chip.mutable_tensor_gpu();
    gpu.set_l2_read(factor * gpu.l2_read());
    gpu.set_l2_write(factor * gpu.l2_write());
  }
}

void scale_hbm(Chip& chip, double factor) {
  chip.mutable_hbm()->set_data_rate(factor * chip.hbm().data_rate());
}

void scale_capacity(Chip& chip, double factor) {
  chip.mutable_l2()->set_capacity(std::floor(factor * chip.l2().capacity()));
}

void scale_clock(Chip& chip, double factor) { chip.set_clock(factor * chip.clock()); }

struct More {
  std::string what;
  std::function<void(Chip&)> of;
};

const std::vector<More>& improvements() {
  static const std::vector<More> all = {
      {"HBM bandwidth", [](Chip& chip) { scale_hbm(chip, 1.5); }},
      {"L2 bandwidth", [](Chip& chip) { scale_l2(chip, 1.5); }},
      {"port bandwidth", [](Chip& chip) { scale_ports(chip, 1.5); }},
      {"L2 capacity", [](Chip& chip) { scale_capacity(chip, 2); }},
      {"cores", [](Chip& chip) { scale_cores(chip, 1.25); }},
      {"clock", [](Chip& chip) { scale_clock(chip, 1.2); }}};
  return all;
}

// How much slower a kernel may become at `cycle`: bandwidth, capacity and clock only move what
// waits for what. With more cores libraries cut work otherwise, into other tiles and more parts to
// sum up, as the real ones do: more than one wave of tiles can become two.
// Grouped GEMMs on a DaVinci die are the worst: another block split leaves cores without a group.
double tolerance(Family family, const std::string& what, const std::string& op) {
  const bool grouped = family == FAMILY_DAVINCI && op == "grouped_gemm";
  if (what != "cores") {
    return grouped ? 0.20 : 0.02;
  }
  return grouped ? 0.45 : op.rfind("attention", 0) == 0 ? 0.25 : 0.10;
}

// `fast` lets three tiles stand for all of a core's, whatever the last wave holds.
constexpr double kFastTolerance = 0.35;

Chip random_chip(const Chip& base, Random& random) {
  Chip chip = base;
  scale_cores(chip, around(1, random));
  scale_l2(chip, around(1, random));
  scale_ports(chip, around(1, random));
  scale_hbm(chip, around(1, random));
  scale_capacity(chip, around(1, random));
  scale_clock(chip, around(1, random));
  return chip;
}

Operator random_operator(const std::string& name, Random& random) {
  const auto text = [](std::int64_t value) { return std::to_string(value); };
  std::vector<config::Assignment> values;
  if (name == "gemm") {
    values = {{"m", text(octaves(1, 11, random))},
              {"n", text(16 * octaves(1, 8, random))},
              {"k", text(16 * octaves(1, 8, random))},
              {"dtype", "bfloat16"}};
  } else if (name == "grouped_gemm") {
    values = {{"groups", text(octaves(1, 4, random))},
              {"m", text(octaves(1, 8, random))},
              {"n", text(64 * octaves(1, 5, random))},
              {"k", text(64 * octaves(1, 5, random))},
              {"dtype", "int8"}};
  } else if (name == "mla_decode") {
    values = {{"batch_size", text(octaves(1, 6, random))},
              {"kv_len", text(octaves(16, 7, random))},
              {"num_heads", text(16 * octaves(1, 3, random))}};
  } else if (name == "attention_decode" || name == "attention_prefill") {
    const bool decode = name == "attention_decode";
    values = {{"batch_size", text(octaves(1, decode ? 6 : 2, random))},
              {decode ? "kv_len" : "isl", text(octaves(16, 6, random))},
              {"num_heads", "16"},
              {"num_key_value_heads", "4"},
              {"head_dim", "128"}};
  } else if (name == "copy") {
    values = {{"bytes", text(octaves(1024, 14, random))}};
  } else {
    values = {{"m", text(octaves(1, 11, random))}, {"n", text(16 * octaves(1, 9, random))}};
  }
  Operator op;
  config::assign(config::select_op(op, name), values);
  return op;
}

std::vector<std::string> operators_of(const Chip& chip) {
  std::vector<std::string> all = {
      "gemm", "grouped_gemm", "attention_decode", "attention_prefill", "rmsnorm", "swiglu", "copy"};
  const bool flash_mla =
      chip.family() == FAMILY_DAVINCI || chip.name() == "h100-sxm" || chip.name() == "h800-sxm";
  if (flash_mla) {
    all.emplace_back("mla_decode");
  }
  return all;
}

// How much slower than before, by what there is more of and operator.
using Worst = std::map<std::pair<std::string, std::string>, double>;

void note(Worst& worst, const std::string& what, const std::string& op, double before,
          double after) {
  double& most = worst[{what, op}];
  most = std::max(most, after / before - 1);
}

// A chip and what is better than it.
std::vector<Chip> with_improvements(const Chip& base) {
  std::vector<Chip> chips{base};
  for (const More& more : improvements()) {
    chips.push_back(base);
    more.of(chips.back());
  }
  return chips;
}

Worst worst_at_fast(const std::string& name, int chips, int shapes, std::uint64_t seed) {
  const Site site = site_of(name);
  Random random(seed);
  L2State cold;
  cold.set_start(L2_START_COLD);
  Worst worst;
  for (int i = 0; i < chips; ++i) {
    const std::vector<Chip> better = with_improvements(random_chip(site.chip, random));
    std::deque<FastModel> models(better.begin(), better.end());
    const auto ps = [&](std::size_t k, const Operator& op) {
      return static_cast<double>(
          models[k]
              .run(op, all_cores(better[k]), cold, site.software.kernels(), better[k].clock())
              .time_ps());
    };
    for (const std::string& op_name : operators_of(site.chip)) {
      for (int j = 0; j < shapes; ++j) {
        const Operator op = random_operator(op_name, random);
        const double before = ps(0, op);
        for (std::size_t k = 0; k < improvements().size(); ++k) {
          note(worst, improvements()[k].what, op_name, before, ps(k + 1, op));
        }
      }
    }
  }
  return worst;
}

// A chip and what is better than it, elaborated.
struct Models {
  Models(const std::string& label, const Chip& base) : chips(with_improvements(base)), models() {
    for (std::size_t i = 0; i < chips.size(); ++i) {
      models.emplace_back(label + "_" + std::to_string(i), chips[i]);
    }
  }
  double ps(std::size_t i, const Software& software, const Operator& op) {
    L2State cold;
    cold.set_start(L2_START_COLD);
    return static_cast<double>(
        models[i]
            .run(make_key(chips[i], software, op, all_cores(chips[i]), cold, FIDELITY_CYCLE))
            .time_ps());
  }
  std::vector<Chip> chips;
  std::deque<KernelModel> models;
};

Worst worst_at_cycle(const std::string& name, int chips, int shapes, std::uint64_t seed) {
  const Site site = site_of(name);
  Random random(seed);
  std::deque<Models> all;
  for (int i = 0; i < chips; ++i) {
    all.emplace_back("chip" + std::to_string(i), random_chip(site.chip, random));
  }
  Worst worst;
  for (Models& models : all) {
    for (const std::string& op_name : operators_of(site.chip)) {
      for (int j = 0; j < shapes; ++j) {
        const Operator op = random_operator(op_name, random);
        const double before = models.ps(0, site.software, op);
        for (std::size_t k = 0; k < improvements().size(); ++k) {
          const double after = models.ps(k + 1, site.software, op);
          note(worst, improvements()[k].what, op_name, before, after);
        }
      }
    }
  }
  return worst;
}

void check(const std::string& name, int chips, std::uint64_t seed) {
  const Family family = site_of(name).chip.family();
  for (const auto& [key, slower] : worst_at_cycle(name, chips, 1, seed)) {
    INFO(key.first << ", " << key.second);
    CHECK(slower <= tolerance(family, key.first, key.second));
  }
}

void print(const std::string& title, const Worst& worst) {
  for (const auto& [key, slower] : worst) {
    std::printf("%s | %s | %s | %.1f %%\n", title.c_str(), key.first.c_str(), key.second.c_str(),
                100 * slower);
  }
}

void report(const std::string& name) {
  print(name + " cycle", worst_at_cycle(name, 10, 2, 5));
  print(name + " fast", worst_at_fast(name, 40, 2, 6));
}

}  // namespace

TEST_CASE("more is never slower on random GPUs, at cycle") { check("h100-sxm", 2, 1); }
TEST_CASE("more is never slower on random GPUs with mma.sync, at cycle") {
  check("a100-sxm-80gb", 2, 2);
}
TEST_CASE("more is never slower on random DaVinci dies, at cycle") {
  check("ascend-910c-die", 2, 3);
}
TEST_CASE("more is never much slower on random chips, at fast") {
  for (const char* name : {"h100-sxm", "a100-sxm-80gb", "b200-sxm", "l40s", "ascend-910c-die"}) {
    for (const auto& [key, slower] : worst_at_fast(name, 1, 1, 4)) {
      INFO(name << ": " << key.first << ", " << key.second);
      CHECK(slower <= kFastTolerance);
    }
  }
}

// One at a time: a process elaborates its chips before the first run.
TEST_CASE("how much slower more can be on GPUs", "[.report]") { report("h100-sxm"); }
TEST_CASE("how much slower more can be on GPUs with mma.sync", "[.report]") {
  report("a100-sxm-80gb");
}
TEST_CASE("how much slower more can be on DaVinci dies", "[.report]") { report("ascend-910c-die"); }
