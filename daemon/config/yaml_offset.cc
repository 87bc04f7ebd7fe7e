// From a byte of a text value back to its place in the file.
#include "daemon/config/yaml.h"

namespace wirewatch::daemon {
namespace {

bool blank(char c) {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

}  // namespace

std::size_t offset_in_file(const SourceFile& file, const Value& value, std::size_t offset) {
  const std::string& source = file.text();
  const std::string& text = value.text;
  std::size_t s = value.offset;
  if (s >= source.size()) return source.size();
  const char first = source[s];
  const bool block = first == '|' || first == '>';
  if (block) {
    while (s < source.size() && source[s] != '\n') ++s;
  } else if (first == '"' || first == '\'') {
    ++s;
  }
  std::size_t end = text.find_last_not_of(" \n\r\t");
  end = end == std::string::npos ? 0 : end + 1;
  offset = std::min(offset, end);
  // White space in the value stands for any white space in the file: indentation, folded lines.
  std::size_t v = 0;
  if (block) {
    while (s < source.size() && blank(source[s])) ++s;
  }
  while (v < offset && s < source.size()) {
    if (blank(text[v])) {
      while (v < offset && blank(text[v])) ++v;
      const std::size_t before = s;
      while (s < source.size() && blank(source[s])) ++s;
      if (v == offset && v < text.size() && blank(text[v])) return before;
      continue;
    }
    if (first == '"' && source[s] == '\\') {
      s += 2;  // an escape: `\"` and `\\` are the usual ones
      ++v;
    } else if (source[s] == text[v]) {
      ++s;
      ++v;
    } else {
      return value.offset;  // an escape beyond that: point at the value
    }
    if (first == '\'' && source[s - 1] == '\'' && s < source.size() && source[s] == '\'') ++s;
  }
  return std::min(s, source.size());
}

}  // namespace wirewatch::daemon
