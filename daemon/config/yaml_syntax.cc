#include "daemon/config/yaml_syntax.h"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace wirewatch::daemon {
namespace {

// Length of the well-formed UTF-8 sequence at `at`, 0 when there is none (Unicode, table 3-7).
std::size_t sequence_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) -> unsigned {
    return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U;
  };
  const auto continues = [&](std::size_t i, unsigned low = 0x80, unsigned high = 0xBF) {
    return byte(i) >= low && byte(i) <= high;
  };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return continues(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    const unsigned low = first == 0xE0 ? 0xA0U : 0x80U;
    const unsigned high = first == 0xED ? 0x9FU : 0xBFU;
    return continues(1, low, high) && continues(2) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const unsigned low = first == 0xF0 ? 0x90U : 0x80U;
    const unsigned high = first == 0xF4 ? 0x8FU : 0xBFU;
    return continues(1, low, high) && continues(2) && continues(3) ? 4 : 0;
  }
  return 0;
}

// The value that follows `match:` in this line, or empty; blocks and quoted whole values as well.
std::string_view match_value(std::string_view line) {
  const std::size_t at = line.find("match:");
  if (at == std::string_view::npos) return {};
  if (at > 0 && std::string_view(" -{,").find(line[at - 1]) == std::string_view::npos) return {};
  const std::size_t value = line.find_first_not_of(' ', at + 6);
  return value == std::string_view::npos ? std::string_view() : line.substr(value);
}

// Is the error in a rule that was written on the line of `match:`?
bool in_plain_rule(const SourceFile& file, std::uint32_t line) {
  for (std::uint32_t back = 0; back < 2 && back < line; ++back) {
    const std::string_view value = match_value(file.line(line - back));
    if (!value.empty()) return value[0] != '|' && value[0] != '>';
  }
  return false;
}

std::string in_users_words(const std::string& message) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 11> kWords = {{
      {"end of map not found", "this does not fit here: neither a key nor the end of a map"},
      {"end of map flow not found", "a '{' is not closed by '}'"},
      {"end of sequence not found",
       "this does not fit here: neither an item `- …` nor the end of "
       "a list"},
      {"end of sequence flow not found", "a '[' is not closed by ']'"},
      {"illegal map value", "a ':' that cannot begin a value here"},
      {"illegal block entry", "an item `- …` cannot stand here"},
      {"illegal map key", "a key cannot stand here"},
      {"illegal flow end", "a ']' or '}' that closes nothing"},
      {"the referenced anchor is not defined", "an alias (`*name`) for a name that nothing has"},
      {"bad file", "lists and maps nest deeper than 64"},
      {"illegal EOF in scalar", "a quoted text has no closing quote"},
  }};
  for (const auto& words : kWords) {
    if (message.rfind(words.first, 0) == 0) return std::string(words.second);
  }
  return message;
}

}  // namespace

std::optional<SyntaxProblem> find_bad_byte(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') || byte == 0x7F) {
      return SyntaxProblem{i, fmt::format("a control character (byte 0x{:02x})", byte),
                           "remove it; in a quoted text it can be written with a backslash"};
    }
    const std::size_t length = sequence_length(text, i);
    if (length == 0) {
      return SyntaxProblem{i, fmt::format("byte 0x{:02x} is not UTF-8", byte),
                           "save the file as UTF-8"};
    }
    i += length;
  }
  return std::nullopt;
}

bool is_closed(std::string_view text, std::size_t offset) {
  if (offset >= text.size()) return true;
  const char quote = text[offset];
  if (quote != '"' && quote != '\'') return true;
  for (std::size_t i = offset + 1; i < text.size(); ++i) {
    if (text[i] == '\\' && quote == '"') {
      ++i;
    } else if (text[i] == quote) {
      if (quote == '"' || i + 1 >= text.size() || text[i + 1] != '\'') return true;
      ++i;
    }
  }
  return false;
}

SyntaxProblem explain_syntax_error(const SourceFile& file, std::size_t offset,
                                   const std::string& message) {
  SyntaxProblem problem;
  problem.offset = offset;
  problem.text = in_users_words(message);
  const std::uint32_t line = file.position(offset).line;
  const bool bad_first = message == "unknown token" && offset < file.text().size();
  if (bad_first) {
    problem.text = fmt::format("a text cannot begin with '{}' in YAML", file.text()[offset]);
  }
  const std::string_view shown = file.line(line);
  if (shown.find('\t') < shown.find_first_not_of(" \t")) {
    problem.hint = "indent with spaces: YAML takes no tabs there";
    return problem;
  }
  if (in_plain_rule(file, line)) {
    if (!bad_first) problem.text = "YAML cannot read this rule as it stands";
    problem.hint = "write `match: |` and the rule on the next lines, indented";
    return problem;
  }
  if (message == "illegal map value") {
    problem.hint = "put a text that holds ': ' in quotes, and check the indentation";
  } else if (message == "unknown token") {
    problem.hint = "put the text in quotes";
  } else if (message.rfind("end of", 0) == 0) {
    problem.hint = "check the indentation and the quotes";
  }
  return problem;
}

}  // namespace wirewatch::daemon
