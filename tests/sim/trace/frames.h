#pragma once

#include <string>
#include <vector>

#include "sim/trace/format.h"

namespace reticle::trace::test {

struct Piece {
  std::uint16_t kind;
  std::string message;
};

// A file taken apart into its frames (the index last), and put together again with right checksums.
inline std::vector<Piece> take_apart(const std::string& file) {
  std::vector<Piece> pieces;
  std::size_t at = kFileHeaderBytes;
  while (at + kFooterBytes < file.size()) {
    const FrameHeader header = decode_frame_header(file.substr(at, kFrameHeaderBytes));
    pieces.push_back({header.kind, file.substr(at + kFrameHeaderBytes, header.length)});
    at += kFrameHeaderBytes + header.length;
  }
  return pieces;
}

inline std::string put_together(const std::vector<Piece>& pieces) {
  std::string file = encode_file_header();
  std::size_t last = file.size();
  for (const Piece& piece : pieces) {
    last = file.size();
    file += encode_frame_header(piece.kind, piece.message) + piece.message;
  }
  return file + encode_footer(last);
}

}  // namespace reticle::trace::test
