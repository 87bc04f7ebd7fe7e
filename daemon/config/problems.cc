#include "daemon/config/problems.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "rules/diagnostic.h"

namespace wirewatch::daemon {
namespace {

constexpr std::size_t kMaxQuoted = 60;
constexpr std::size_t kMaxListed = 20;

// A word with the same letters in another order: the slip that edit distance counts as two.
std::string shuffled(std::string word, const std::vector<std::string>& known) {
  std::sort(word.begin(), word.end());
  for (const std::string& candidate : known) {
    std::string letters = candidate;
    std::sort(letters.begin(), letters.end());
    if (letters == word) return candidate;
  }
  return {};
}

}  // namespace

void Problems::add(bool error, const Place& place, std::string text, std::string hint,
                   std::string rule) {
  if (error) ++errors_;
  if (messages_.size() >= kMaxProblems) {
    ++left_out_;
    return;
  }
  ConfigMessage message;
  message.error = error;
  message.file = place.file->path();
  const Position at = place.file->position(place.offset);
  message.line = at.line;
  message.column = at.column;
  message.text = std::move(text);
  message.hint = std::move(hint);
  message.rule = std::move(rule);
  messages_.push_back(std::move(message));
}

void Problems::error(const Place& place, std::string text, std::string hint, std::string rule) {
  add(true, place, std::move(text), std::move(hint), std::move(rule));
}

void Problems::warning(const Place& place, std::string text, std::string hint, std::string rule) {
  add(false, place, std::move(text), std::move(hint), std::move(rule));
}

void Problems::file_error(const std::string& path, std::string text) {
  ++errors_;
  ConfigMessage message;
  message.file = path;
  message.text = std::move(text);
  messages_.push_back(std::move(message));
}

std::vector<ConfigMessage> Problems::take(const std::vector<std::string>& order) {
  std::map<std::string, std::size_t> rank;
  for (std::size_t i = 0; i < order.size(); ++i) rank.emplace(order[i], i);
  const auto key = [&rank](const ConfigMessage& m) {
    const auto found = rank.find(m.file);
    return std::make_tuple(found == rank.end() ? rank.size() : found->second, m.line, m.column);
  };
  std::stable_sort(
      messages_.begin(), messages_.end(),
      [&key](const ConfigMessage& a, const ConfigMessage& b) { return key(a) < key(b); });
  if (left_out_ > 0) {
    ConfigMessage rest;
    rest.error = errors_ > 0;
    rest.file = messages_.back().file;
    rest.text = fmt::format("{} more messages are not shown", left_out_);
    messages_.push_back(std::move(rest));
  }
  return std::move(messages_);
}

std::string in_quotes(std::string_view word) {
  std::string result = "\"";
  std::size_t characters = 0;
  for (const char c : word) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0U) != 0x80U && ++characters > kMaxQuoted) {
      result += "…";
      break;
    }
    result += byte < 0x20 || byte == 0x7F ? ' ' : c;
  }
  return result + "\"";
}

std::string hint_for(const std::string& word, const std::vector<std::string>& known) {
  // Comparing costs length times length: a word this long is no slip of the finger.
  std::string near;
  if (word.size() <= kMaxQuoted) near = rules::nearest_name(word, known);
  if (near.empty()) near = shuffled(word, known);
  if (!near.empty()) return fmt::format("did you mean \"{}\"?", near);
  if (known.empty() || known.size() > kMaxListed) return {};
  return fmt::format("known here: {}", fmt::join(known, ", "));
}

}  // namespace wirewatch::daemon
