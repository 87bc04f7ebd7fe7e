#include "daemon/config/redact.h"

#include <array>
#include <cctype>
#include <string_view>

#include "feeds/ascii.h"

namespace wirewatch::daemon {
namespace {

constexpr std::size_t kKeyLike = 24;
constexpr std::uint32_t kMaxBack = 50;  // lines looked back for the key that a line continues

void hide(std::string& line, std::size_t from, std::size_t until) {
  std::string hidden;
  for (std::size_t i = from; i < until; ++i) {
    if ((static_cast<unsigned char>(line[i]) & 0xC0U) != 0x80U) hidden += '*';
  }
  line.replace(from, until - from, hidden);
}

bool word_byte(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
}

// Position after the colon of a key whose value is a secret, or npos.
std::size_t secret_value(const std::string& line, std::size_t from = 0) {
  // What is given for the name of a variable may be the secret itself, by mistake.
  static constexpr std::array<std::string_view, 10> kWords = {
      "secret", "token",   "password", "passwd",     "authorization",
      "cookie", "api-key", "api_key",  "secret_env", "url_env"};
  const std::string folded = feeds::lower(line);
  std::size_t best = std::string::npos;
  for (const std::string_view word : kWords) {
    for (std::size_t at = folded.find(word, from); at != std::string::npos;
         at = folded.find(word, at + 1)) {
      std::size_t end = at + word.size();
      while (end < folded.size() && word_byte(folded[end])) ++end;
      const std::string_view key = std::string_view(folded).substr(at, end - at);
      while (end < folded.size() && (folded[end] == '"' || folded[end] == '\'')) ++end;
      while (end < folded.size() && folded[end] == ' ') ++end;
      // "bot_token" is one, "secret_file" and a rule named "secret-police" are none.
      if (end < folded.size() && folded[end] == ':' && key == word) {
        best = std::min(best, end + 1);
        break;
      }
    }
  }
  return best;
}

std::size_t indent(std::string_view line) {
  const std::size_t at = line.find_first_not_of(' ');
  return at == std::string_view::npos ? 1000 : at;
}

bool continues_secret(const SourceFile& file, std::uint32_t number) {
  std::size_t own = indent(file.line(number));
  for (std::uint32_t back = 1; back < number && back <= kMaxBack; ++back) {
    const std::string_view line = file.line(number - back);
    if (indent(line) >= own) continue;
    own = indent(line);
    const std::string text(line);
    if (secret_value(text) != std::string::npos) {
      // A map below the key is not the value itself: its lines are judged on their own.
      const std::string_view value = std::string_view(text).substr(secret_value(text));
      return value.find_first_not_of(" ") == std::string_view::npos ||
             value.find_first_of("|>\"'") != std::string_view::npos;
    }
  }
  return false;
}

void hide_urls(std::string& line) {
  for (std::size_t at = line.find("://"); at != std::string::npos; at = line.find("://", at + 3)) {
    const std::size_t host = at + 3;
    std::size_t end = line.find_first_of(" \t\"',}]", host);
    if (end == std::string::npos) end = line.size();
    const std::string url = feeds::lower(std::string_view(line).substr(host, end - host));
    const std::size_t slash = url.find_first_of("/?#");
    const std::string authority = url.substr(0, slash);
    const std::size_t user = authority.rfind('@');
    const bool webhook = authority.find("slack.com") != std::string::npos ||
                         authority.find("discord") != std::string::npos;
    const std::size_t query = url.find('?');
    if (webhook && slash != std::string::npos) {
      hide(line, host + slash, end);
    } else if (query != std::string::npos) {
      hide(line, host + query, end);
    }
    if (user != std::string::npos) hide(line, host, host + user);
  }
}

void hide_key_like(std::string& line) {
  for (std::size_t i = 0; i < line.size();) {
    std::size_t end = i;
    bool digit = false;
    bool letter = false;
    while (end < line.size() && (std::isalnum(static_cast<unsigned char>(line[end])) != 0 ||
                                 line[end] == '_' || line[end] == '+' || line[end] == '=')) {
      const bool is_digit = std::isdigit(static_cast<unsigned char>(line[end])) != 0;
      digit = digit || is_digit;
      letter = letter || !is_digit;
      ++end;
    }
    if (end - i >= kKeyLike && digit && letter) hide(line, i, end);
    i = std::max(end, i) + 1;
  }
}

}  // namespace

std::string redacted_line(const SourceFile& file, std::uint32_t number) {
  std::string line(file.line(number));
  if (continues_secret(file, number)) {
    hide(line, std::min(indent(line), line.size()), line.size());
    return line;
  }
  const std::size_t secret = secret_value(line);
  if (secret != std::string::npos) {
    hide(line, std::min(line.size(), secret + 1), line.size());
  }
  hide_urls(line);
  hide_key_like(line);
  return line;
}

}  // namespace wirewatch::daemon
