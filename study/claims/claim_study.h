#pragma once

#include "schema/cost.pb.h"
#include "study/claims/claim_inputs.h"

namespace reticle::study {

// One claim with everything it depends on. Not copyable: its terms point into its configs.
class ClaimStudy {
 public:
  // UsageError: no such claim. ConfigError: an unknown or missing input, no bound.
  ClaimStudy(config::Catalog& catalog, const std::string& name);
  ClaimStudy(const ClaimStudy&) = delete;
  ClaimStudy& operator=(const ClaimStudy&) = delete;

  // Product of the numerator over that of the denominator, at the present inputs.
  double ratio() const;

  // supported (P > 0.8), unclear, contradicted (P < 0.2); what decides it, what would turn it.
  // `draws` 0: as the file says.
  ClaimReport report(uint64_t seed, uint32_t draws);

 private:
  int exponent(const std::string& name) const;
  bool holds(double ratio) const;
  double nearest_bound(double ratio) const;
  void add_binding(const economics::UncertainInputs& uncertain, uint64_t seed,
                   ClaimReport& report) const;
  void add_terms(const std::vector<std::vector<double>>& drawn, ClaimReport& report) const;

  config::Loaded<Claim> claim_;
  ClaimInputs inputs_;
  std::vector<ClaimTerm> terms_;
};

std::string claim_text(const ClaimReport& report);

}  // namespace reticle::study
