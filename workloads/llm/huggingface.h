#pragma once

#include <filesystem>
#include <string>

#include "schema/config/tree.h"
#include "schema/model.pb.h"

namespace reticle::llm {

// Reads the published config.json of a Hugging Face repository; the model's name is the file's
// stem. It is somebody else's file: unknown keys are ignored, and the usual synonyms are known.
// ConfigError with file, line and column: syntax, a needed key that is missing, a value that is no
// count, and keys whose mechanism would be lost in silence (sparse attention, MoE layers that
// alternate). UsageError if there is no such file.
Model read_huggingface(const std::filesystem::path& file);

// The same from its tree, under the name it is known by.
Model to_model(const config::Node& root, const std::string& name);

// The same from the file's content; `file` is the name in messages.
Model parse_huggingface(const std::string& content, const std::filesystem::path& file);

}  // namespace reticle::llm
