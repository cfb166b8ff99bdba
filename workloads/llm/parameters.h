#pragma once

#include <cstdint>
#include <vector>

#include "schema/model.pb.h"

namespace reticle::llm {

enum class WeightKind {
  kProjection,
  kAbsorbed,
  kDense,
  kRouter,
  kRouted,
  kShared,
  kEmbedding,
  kHead,
  kMtpProjection
};

// `count` equal matrices of n outputs and k inputs.
struct Weight {
  WeightKind kind;
  std::int64_t count;
  std::int64_t n;
  std::int64_t k;
};

// Every matrix of the model without its MTP modules. Norms, biases and the router's correction
// terms (under one parameter in ten thousand) are left out. kAbsorbed is kv_b, used as absorb_q and
// absorb_v.
std::vector<Weight> model_weights(const Model& model);

// Matrices of one MTP module: its projection of 2 hidden, and an MoE layer. Embedding and head are
// those of the model.
std::vector<Weight> mtp_module_weights(const Model& model);

// Sum of count n k over model_weights (671 billion for DeepSeek-V3).
std::int64_t total_parameters(const Model& model);

// Matrix parameters one token meets: everything but the embedding table, with top-k of the routed
// experts (36.6 billion for DeepSeek-V3; the published 37 billion counts the table).
std::int64_t active_parameters(const Model& model);

// Floating-point operations the model asks for per token, for MFU: 2 a parameter it meets, plus
// attention over `cached_tokens` in the naive form, 2 (nope + rope + v) a head, layer and cached
// token (Narayanan et al., arXiv 2104.04473, section 5.1, adapted to decode). Absorption, drafts
// and copies of experts are the implementation's choice and do not count.
std::int64_t model_operations_per_token(const Model& model, std::int64_t cached_tokens);

// Elements of KV cache a token and decoder layer: latent + rotary key (576 for DeepSeek).
std::int64_t kv_elements(const Model& model);

}  // namespace reticle::llm
