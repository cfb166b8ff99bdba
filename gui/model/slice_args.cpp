#include "gui/model/slice_args.h"

#include <algorithm>

#include "gui/model/format.h"

namespace reticle::gui {
namespace {

template <class Value>
void append_to(ArgColumns& columns, trace::StringId key, std::uint32_t slice, const Value& value) {
  for (trace::ArgColumn& column : columns) {
    auto* values = std::get_if<std::vector<Value>>(&column.values);
    if (column.key.value == key.value && values != nullptr) {
      column.rows.push_back(slice);
      values->push_back(value);
      return;
    }
  }
  columns.push_back({key, {slice}, std::vector<Value>{value}});
}

// The row of a column that is of `slice`; the number of rows if none is.
std::size_t row_of(const trace::ArgColumn& column, std::size_t slice) {
  const auto at = std::lower_bound(column.rows.begin(), column.rows.end(), slice);
  return at != column.rows.end() && *at == slice
             ? static_cast<std::size_t>(at - column.rows.begin())
             : column.rows.size();
}

std::string with_unit(const std::string& key, double value) {
  static const std::pair<const char*, const char*> kUnits[] = {
      {"_bytes", "B"}, {"_j", "J"}, {"_w", "W"}, {"_hz", "Hz"}, {"_flops", "FLOP"}};
  for (const auto& [suffix, unit] : kUnits) {
    const std::string_view ending = suffix;
    if (key.size() > ending.size() && key.substr(key.size() - ending.size()) == ending) {
      return format_quantity(value, unit);
    }
  }
  return format_number(value);
}

std::string shown(const trace::Summary& summary, const std::string& key, const ArgValue& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) {
    const std::string plain = format_number(static_cast<double>(*whole));
    const std::string text = with_unit(key, static_cast<double>(*whole));
    return text != plain ? text : std::to_string(*whole);
  }
  if (const auto* real = std::get_if<double>(&value)) {
    return with_unit(key, *real);
  }
  return summary.text(std::get<trace::StringId>(value));
}

}  // namespace

void append_arg(ArgColumns& columns, trace::StringId key, std::size_t slice,
                const ArgValue& value) {
  std::visit(
      [&](const auto& it) { append_to(columns, key, static_cast<std::uint32_t>(slice), it); },
      value);
}

ArgValue value_of(const trace::ArgColumn& column, std::size_t row) {
  return std::visit([row](const auto& values) -> ArgValue { return values[row]; }, column.values);
}

std::optional<double> number_arg(const ArgColumns& columns, trace::StringId key,
                                 std::size_t slice) {
  for (const trace::ArgColumn& column : columns) {
    const std::size_t row =
        column.key.value == key.value ? row_of(column, slice) : column.rows.size();
    if (row < column.rows.size()) {
      const ArgValue value = value_of(column, row);
      if (const auto* whole = std::get_if<std::int64_t>(&value)) {
        return static_cast<double>(*whole);
      }
      if (const auto* real = std::get_if<double>(&value)) {
        return *real;
      }
    }
  }
  return {};
}

std::optional<trace::StringId> text_arg(const ArgColumns& columns, trace::StringId key,
                                        std::size_t slice) {
  for (const trace::ArgColumn& column : columns) {
    const auto* texts = std::get_if<std::vector<trace::StringId>>(&column.values);
    const std::size_t row = texts != nullptr && column.key.value == key.value
                                ? row_of(column, slice)
                                : column.rows.size();
    if (row < column.rows.size()) {
      return (*texts)[row];
    }
  }
  return {};
}

std::optional<trace::StringId> string_id(const trace::Summary& summary, const std::string& text) {
  const auto found = std::find(summary.strings.begin() + 1, summary.strings.end(), text);
  return found == summary.strings.end()
             ? std::nullopt
             : std::optional(
                   trace::StringId{static_cast<std::uint32_t>(found - summary.strings.begin())});
}

std::vector<std::pair<std::string, std::string>> slice_arguments(const Contents& contents,
                                                                 const SliceKey& key) {
  std::vector<std::pair<std::string, std::string>> found;
  for (const trace::ArgColumn& column : contents.data.args[key.lane]) {
    const std::size_t row = row_of(column, key.slice);
    if (row < column.rows.size()) {
      const std::string& name = contents.summary.text(column.key);
      found.emplace_back(name, shown(contents.summary, name, value_of(column, row)));
    }
  }
  return found;
}

}  // namespace reticle::gui
