#pragma once

#include <filesystem>
#include <istream>
#include <string>
#include <vector>

namespace reticle {

using CsvRow = std::vector<std::string>;

// Rows of a CSV (RFC 4180), the header first: quoted fields may hold commas, "" and line breaks;
// lines end in LF or CRLF; a byte-order mark and empty lines are skipped. Every row has as many
// fields as the header. Throws InputError "NAME:LINE: what"; `name` stands for the stream in
// messages.
std::vector<CsvRow> read_csv(std::istream& in, const std::string& name);

// The same for a file; UsageError if it cannot be opened.
std::vector<CsvRow> read_csv(const std::filesystem::path& file);

// One line, with LF: fields that need it are quoted.
std::string csv_line(const CsvRow& fields);

}  // namespace reticle
