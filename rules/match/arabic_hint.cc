#include "rules/match/arabic_hint.h"

#include <algorithm>
#include <string_view>

#include "rules/entities/gazetteer.h"

namespace wirewatch::rules {
namespace {

constexpr std::size_t most_tried = 100;

// Of the block U+0600 to U+06FF, in which Arabic is written.
bool begins_in_arabic(std::string_view word) {
  const auto byte = static_cast<unsigned char>(word.empty() ? 0 : word.front());
  return byte >= 0xD8U && byte <= 0xDBU;
}

// `clause` with a `~` behind each Arabic word that has no mark; itself where there is none.
std::string with_stems(const std::string& clause) {
  std::string text;
  std::string word;
  const auto end_word = [&] {
    const bool marked = word.find_first_of("=*~") != std::string::npos;
    text += word + (begins_in_arabic(word) && !marked ? "~" : "");
    word.clear();
  };
  for (const char c : clause) {
    if (c != ' ' && c != '"') {
      word += c;
      continue;
    }
    end_word();
    text += c;
  }
  end_word();
  return text;
}

bool found_in(const feeds::Document& document, const std::string& query) {
  RuleDef def;
  def.name = "hint";
  def.query = query;
  const RuleSet::Outcome outcome = RuleSet::compile({def}, Gazetteer());
  return outcome.set.rules().size() == 1 && outcome.set.explain(0, document, {}).holds;
}

void add_hints(Explained& explained, const feeds::Document& document, std::size_t& left) {
  for (Explained& part : explained.parts) add_hints(part, document, left);
  const bool words = explained.kind == "term" || explained.kind == "phrase";
  if (!words || explained.holds || left == 0) return;
  std::string stems = with_stems(explained.clause);
  if (stems == explained.clause) return;
  --left;
  if (found_in(document, stems)) explained.hint = std::move(stems);
}

}  // namespace

void add_arabic_hints(Explained& explained, const feeds::Document& document) {
  std::size_t left = most_tried;
  add_hints(explained, document, left);
}

}  // namespace wirewatch::rules
