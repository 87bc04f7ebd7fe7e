// A message as compilers print it, with the line it is about; never with a secret in it.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "daemon/config/redact.h"
#include "daemon/config/snapshot.h"
#include "daemon/config/source.h"
#include "feeds/parse/charset_utf8.h"

namespace wirewatch::daemon {
namespace {

constexpr std::size_t kMaxShown = 160;  // bytes of a source line

bool continues(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

// Byte offset of the character in `column` (from 1).
std::size_t byte_of(std::string_view line, std::uint32_t column) {
  std::size_t i = 0;
  for (std::uint32_t at = 1; at < column && i < line.size(); ++at) {
    ++i;
    while (i < line.size() && continues(line[i])) ++i;
  }
  return i;
}

std::string shown_line(std::string_view line, std::uint32_t column) {
  std::size_t caret = byte_of(line, column);
  std::size_t from = 0;
  if (caret > kMaxShown / 2) {
    from = caret - kMaxShown / 2;
    while (from < line.size() && continues(line[from])) ++from;
  }
  std::size_t until = std::min(line.size(), from + kMaxShown);
  while (until < line.size() && continues(line[until])) ++until;
  std::string text = "  ";
  std::string below = "  ";
  for (std::size_t i = from; i < until; ++i) {
    const auto byte = static_cast<unsigned char>(line[i]);
    const bool control = (byte < 0x20 && byte != '\t') || byte == 0x7F;
    text += control ? '?' : line[i];
    if (i < caret && !continues(line[i])) below += line[i] == '\t' ? '\t' : ' ';
  }
  return text + "\n" + below + "^\n";
}

// Below the working folder people know a file by its relative path.
std::string shown_path(const std::string& file) {
  std::error_code code;
  const std::string here = std::filesystem::current_path(code).string();
  if (code || here.size() < 2 || file.rfind(here + "/", 0) != 0) return file;
  return file.substr(here.size() + 1);
}

std::string shown_place(const ConfigMessage& message) {
  const std::string file = shown_path(message.file);
  return message.line > 0 ? fmt::format("{}:{}:{}", file, message.line, message.column) : file;
}

}  // namespace

std::string to_text(const ConfigMessage& message) {
  std::string text = shown_place(message);
  text += fmt::format(": {}: {}\n", message.error ? "error" : "warning", message.text);
  if (message.line > 0) {
    const auto content = read_regular_file(message.file, kMaxConfigFile);
    if (content) {
      const SourceFile file(message.file, *content);
      const std::string line = redacted_line(file, message.line);
      if (!line.empty() && feeds::is_utf8(line)) text += shown_line(line, message.column);
    }
  }
  if (!message.hint.empty()) text += fmt::format("  hint: {}\n", message.hint);
  return text;
}

std::string to_line(const ConfigMessage& message) {
  std::string line = fmt::format("{}: {}", shown_place(message), message.text);
  if (!message.hint.empty()) line += fmt::format(" ({})", message.hint);
  if (!message.rule.empty()) line += fmt::format("; rule \"{}\" is held back", message.rule);
  return line;
}

bool has_error(const std::vector<ConfigMessage>& messages) {
  return std::any_of(messages.begin(), messages.end(),
                     [](const ConfigMessage& message) { return message.error; });
}

}  // namespace wirewatch::daemon
