#pragma once

#include <optional>
#include <string>

namespace reticle::kernels {

// Expert loads as aiconfigurator's MoE benchmark draws them (shared/data/README.md, `power_law_A`):
//   x = ((b^(1-A) - a^(1-A)) u + a^(1-A))^(1/(1-A)), u uniform;
// a = 1, b = 0.8 tokens where tokens x topk > experts, else a = 0.01, b = 2. The bounds are the
// definition of that distribution, no property of a machine.
class PowerLaw {
 public:
  PowerLaw(double exponent, double tokens, double topk, double experts);

  // The load, before scaling to tokens x topk, at the quantile u in [0, 1].
  double at(double u) const;

 private:
  double exponent_;
  double low_;
  double high_;
};

// Whether a word is meant as one ("power_law_..."), and A of "power_law_A"; nullopt unless A is a
// number over 0.
bool is_power_law(const std::string& word);
std::optional<double> power_law_exponent(const std::string& word);

}  // namespace reticle::kernels
