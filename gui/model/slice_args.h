#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "gui/model/trace_data.h"

namespace reticle::gui {

using ArgColumns = std::vector<trace::ArgColumn>;
using ArgValue = decltype(trace::Arg::value);

// Adds an argument of `slice`, which comes no earlier than those of the key before it. Values of a
// key may differ in type: each type has a column.
void append_arg(ArgColumns& columns, trace::StringId key, std::size_t slice, const ArgValue& value);

// The value of row `row` of a column.
ArgValue value_of(const trace::ArgColumn& column, std::size_t row);

// The number that a slice has under a key; nothing if it has none, or a text.
std::optional<double> number_arg(const ArgColumns& columns, trace::StringId key, std::size_t slice);
// The text that a slice has under a key; nothing if it has none, or a number.
std::optional<trace::StringId> text_arg(const ArgColumns& columns, trace::StringId key,
                                        std::size_t slice);

// The id of a text in a trace's table; nothing if it is not there.
std::optional<trace::StringId> string_id(const trace::Summary& summary, const std::string& text);

// All arguments of a slice as (key, value); keys say the unit: energy_j, hbm_bytes.
std::vector<std::pair<std::string, std::string>> slice_arguments(const Contents& contents,
                                                                 const SliceKey& key);

}  // namespace reticle::gui
