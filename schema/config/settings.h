#pragma once

#include <string>
#include <vector>

#include "schema/config/catalog.h"
#include "schema/config/fields.h"
#include "schema/config/tree.h"

namespace reticle::config {

// The longest of `names` that `path` begins with (followed by a dot or by nothing), or "": names
// may hold dots themselves.
std::string leading_name(const std::string& path, const std::vector<std::string>& names);

// `path` without its leading name and the dot.
std::string rest_after(const std::string& path, const std::string& name);

// Where a --set is, for messages.
Location place_of(const Setting& setting);

// Writes the setting's value into an annotated tree at `path` (grade user, source --set).
// ConfigError as for a file: unknown key with the nearest, a path that ends at a map.
void apply_setting(Node& tree, const Type& type, const std::string& path, const Setting& setting);

// The same in a tree without a schema (a model's config.json): only keys it has.
void apply_setting(Node& tree, const std::string& path, const Setting& setting);

}  // namespace reticle::config
