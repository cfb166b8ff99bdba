#include "workloads/llm/huggingface.h"

#include <cstdint>
#include <optional>
#include <vector>

#include "schema/config/tree.h"
#include "schema/errors.h"

namespace reticle::llm {
namespace {

using config::Node;
using Names = std::vector<std::string>;  // synonyms, the usual one first

// Above any dimension in use: keeps products of dimensions inside 64 bits.
constexpr std::int64_t kLargest = 1 << 21;

// The value under the first of the names that is there and not null.
const config::Entry* find(const Node& root, const Names& names) {
  for (const std::string& name : names) {
    for (const config::Entry& entry : root.entries) {
      if (entry.key == name && !entry.value.is_null()) {
        return &entry;
      }
    }
  }
  return nullptr;
}

std::int64_t count(const config::Entry& entry, std::int64_t least) {
  const std::int64_t value = config::as_integer(entry.value);
  if (value < least || value > kLargest) {
    throw ConfigError(entry.value.at, entry.key + ": " + std::to_string(value) +
                                          " is not between " + std::to_string(least) + " and " +
                                          std::to_string(kLargest));
  }
  return value;
}

[[noreturn]] void missing(const Node& root, const Names& names) {
  std::string synonyms;
  for (std::size_t i = 1; i < names.size(); ++i) {
    synonyms += (i > 1 ? ", " : "") + names[i];
  }
  throw ConfigError(root.at, "missing key " + names[0],
                    synonyms.empty() ? "" : "or its synonym " + synonyms);
}

std::int64_t needed(const Node& root, const Names& names) {
  const config::Entry* entry = find(root, names);
  if (entry == nullptr) {
    missing(root, names);
  }
  return count(*entry, 1);
}

std::int64_t optional(const Node& root, const Names& names) {
  const config::Entry* entry = find(root, names);
  return entry == nullptr ? 0 : count(*entry, 0);
}

// Keys that change what a layer computes, in ways the graph does not know.
void refuse_unmodelled(const Node& root) {
  if (const config::Entry* entry = find(root, {"index_topk"})) {
    throw ConfigError(entry->at, "index_topk: sparse attention is not modelled yet");
  }
  if (const config::Entry* entry = find(root, {"shared_expert_intermediate_size"})) {
    throw ConfigError(entry->at,
                      "shared_expert_intermediate_size: shared experts of a width of their own are "
                      "not modelled yet");
  }
  const config::Entry* stride = find(root, {"moe_layer_freq", "decoder_sparse_step"});
  if (stride != nullptr && (!stride->value.is_scalar() || config::as_integer(stride->value) != 1)) {
    throw ConfigError(stride->at, stride->key + ": only MoE in every layer (1) is modelled yet");
  }
  const config::Entry* dense = find(root, {"mlp_only_layers"});
  if (dense != nullptr && !dense->value.items.empty()) {
    throw ConfigError(dense->at, "mlp_only_layers: only leading dense layers are modelled yet",
                      "first_k_dense_replace");
  }
}

void read_attention(const Node& root, Model& model) {
  if (find(root, {"kv_lora_rank"}) == nullptr) {
    return;
  }
  Mla* mla = model.mutable_mla();
  mla->set_heads(needed(root, {"num_attention_heads", "n_head"}));
  mla->set_q_rank(optional(root, {"q_lora_rank"}));
  mla->set_kv_rank(needed(root, {"kv_lora_rank"}));
  mla->set_nope_dim(needed(root, {"qk_nope_head_dim"}));
  mla->set_rope_dim(needed(root, {"qk_rope_head_dim"}));
  mla->set_v_dim(needed(root, {"v_head_dim"}));
}

void read_experts(const Node& root, Model& model) {
  const Names routed = {"n_routed_experts", "num_experts", "num_local_experts"};
  if (optional(root, routed) == 0) {
    return;
  }
  const Names topk = {"num_experts_per_tok", "num_experts_per_token", "moe_topk"};
  Experts* experts = model.mutable_experts();
  experts->set_routed(needed(root, routed));
  experts->set_shared(optional(root, {"n_shared_experts", "num_shared_experts"}));
  experts->set_topk(needed(root, topk));
  // Mixtral, without dense layers, writes the width of an expert as intermediate_size.
  experts->set_width(needed(root, {"moe_intermediate_size", "intermediate_size"}));
  if (experts->topk() > experts->routed()) {
    const config::Entry* entry = find(root, topk);
    throw ConfigError(entry->value.at, entry->key + ": " + std::to_string(experts->topk()) +
                                           " of " + std::to_string(experts->routed()) + " experts");
  }
}

void read_dense(const Node& root, Model& model) {
  const Names leading = {"first_k_dense_replace"};
  const Names width = {"intermediate_size", "ffn_dim"};
  model.set_dense_layers(model.has_experts() ? optional(root, leading) : model.layers());
  if (model.dense_layers() > model.layers()) {
    throw ConfigError(find(root, leading)->value.at,
                      "first_k_dense_replace: " + std::to_string(model.dense_layers()) + " of " +
                          std::to_string(model.layers()) + " layers");
  }
  model.set_dense_width(model.dense_layers() > 0 ? needed(root, width) : optional(root, width));
}

bool read_tied(const Node& root) {
  const config::Entry* entry = find(root, {"tie_word_embeddings"});
  if (entry == nullptr) {
    missing(root, {"tie_word_embeddings"});
  }
  return config::as_bool(entry->value);
}

}  // namespace

Model to_model(const Node& root, const std::string& name) {
  if (!root.is_map()) {
    throw ConfigError(root.at, "not a Hugging Face config.json", "an object is expected");
  }
  refuse_unmodelled(root);
  Model model;
  model.set_name(name);
  model.set_hidden(needed(root, {"hidden_size", "d_model", "n_embd"}));
  model.set_layers(needed(root, {"num_hidden_layers", "num_layers", "n_layer"}));
  model.set_vocabulary(needed(root, {"vocab_size"}));
  model.set_mtp_layers(optional(root, {"num_nextn_predict_layers"}));
  model.set_tied_embeddings(read_tied(root));
  read_attention(root, model);
  read_experts(root, model);
  read_dense(root, model);
  return model;
}

Model read_huggingface(const std::filesystem::path& file) {
  return to_model(config::read_tree(file), file.stem().string());
}

Model parse_huggingface(const std::string& content, const std::filesystem::path& file) {
  return to_model(config::parse_tree(content, file.string()), file.stem().string());
}

}  // namespace reticle::llm
