#include "models/kernels/kernel_key.h"

#include <openssl/evp.h>

#include <algorithm>
#include <stdexcept>
#include <vector>

#include "models/model_version.h"
#include "schema/config/canonical.h"

namespace reticle::kernels {

KernelKey make_key(const Chip& chip, const Software& software, const Operator& op,
                   const Cores& cores, const L2State& l2, Fidelity fidelity) {
  KernelKey key;
  key.set_model_version(kModelVersion);
  *key.mutable_chip() = chip;
  *key.mutable_software() = software;
  *key.mutable_op() = op;
  *key.mutable_cores() = cores;
  key.set_clock_hz(chip.clock());
  *key.mutable_l2() = l2;
  auto* resident = key.mutable_l2()->mutable_resident();
  std::sort(resident->begin(), resident->end());
  resident->erase(std::unique(resident->begin(), resident->end()), resident->end());
  key.set_fidelity(fidelity);
  config::strip_outside_kernel_key(*key.mutable_chip());
  key.mutable_chip()->set_clock(chip.clock());  // libraries choose tilings for it
  config::strip_outside_kernel_key(*key.mutable_software());
  return key;
}

std::string digest(const KernelKey& key) {
  const std::string bytes = config::deterministic_bytes(key);
  unsigned char hash[EVP_MAX_MD_SIZE];
  unsigned int length = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), hash, &length, EVP_sha256(), nullptr) != 1) {
    throw std::runtime_error("SHA-256 failed");
  }
  static const char* const kHex = "0123456789abcdef";
  std::string text;
  for (unsigned int i = 0; i < length; ++i) {
    text += kHex[hash[i] >> 4];
    text += kHex[hash[i] & 15];
  }
  return text;
}

Cores all_cores(const Chip& chip) {
  Cores cores;
  if (chip.family() == FAMILY_DAVINCI) {
    cores.set_matrix(chip.davinci().cube_cores());
    cores.set_vector(chip.davinci().vector_cores());
  } else {
    cores.set_matrix(chip.tensor_gpu().sms());
    cores.set_vector(chip.tensor_gpu().sms());
  }
  return cores;
}

}  // namespace reticle::kernels
