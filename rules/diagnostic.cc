#include "rules/diagnostic.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace wirewatch::rules {
namespace {

constexpr std::size_t longest_name = 200;  // letters that an id may have

// The letters of a text, one number each: an Arabic one is no two. Capitals of ASCII are small.
std::u32string letters_of(const std::string& text) {
  std::u32string letters;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool goes_on = (byte & 0xC0U) == 0x80U && !letters.empty();
    if (goes_on) {
      letters.back() = letters.back() << 8U | byte;
    } else {
      letters.push_back(byte >= 'A' && byte <= 'Z' ? byte + ('a' - 'A') : byte);
    }
  }
  return letters;
}

// How many letters_of gives.
std::size_t letter_count(const std::string& text) {
  const auto begins = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; };
  const auto count = static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins));
  return !text.empty() && !begins(text[0]) ? count + 1 : count;
}

// Insertions, deletions, replacements and swapped neighbours count one each (optimal string
// alignment).
std::size_t edit_distance(const std::u32string& a, const std::u32string& b) {
  std::vector<std::size_t> before;
  std::vector<std::size_t> above(b.size() + 1);
  std::iota(above.begin(), above.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::vector<std::size_t> row(b.size() + 1, i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({replaced, row[j - 1] + 1, above[j] + 1});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before = std::exchange(above, std::move(row));
  }
  return above.back();
}

// A slip leaves two letters of three as they were, or all of them in another order.
bool is_slip(std::size_t distance, std::u32string a, std::u32string b) {
  if (distance * 3 <= std::max(a.size(), b.size())) return true;
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  return a == b;
}

}  // namespace

bool has_error(const std::vector<Diagnostic>& diagnostics) {
  return std::any_of(diagnostics.begin(), diagnostics.end(),
                     [](const Diagnostic& d) { return d.severity == Severity::error; });
}

std::string nearest_name(const std::string& word, const std::vector<std::string>& candidates) {
  return nearest_name(word, candidates, std::max<std::size_t>(1, letters_of(word).size() / 3));
}

std::string nearest_name(const std::string& word, const std::vector<std::string>& candidates,
                         std::size_t edits) {
  std::string best;
  std::size_t best_distance = edits + 1;
  const std::u32string letters = letters_of(word);
  if (letters.size() > longest_name) return best;
  for (const std::string& candidate : candidates) {
    const std::size_t count = letter_count(candidate);
    const std::size_t shorter = std::min(count, letters.size());
    if (std::max(count, letters.size()) - shorter >= best_distance) continue;
    const std::u32string others = letters_of(candidate);
    const std::size_t distance = edit_distance(letters, others);
    if (distance < best_distance && is_slip(distance, letters, others)) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best;
}

}  // namespace wirewatch::rules
