#include "daemon/pipeline/correction.h"

#include <algorithm>
#include <set>

#include "daemon/pipeline/telling.h"
#include "feeds/text/document.h"
#include "rules/match/passage.h"

namespace wirewatch::daemon {
namespace {

constexpr std::size_t longest_label = 2;  // words before the colon of "Live updates: …"
constexpr std::size_t longest_site = 4;   // words behind the dash of "… – The Example Times"

feeds::Document titled(const std::string& title) {
  feeds::DocumentInput input;
  input.title = title;
  return feeds::make_document(input);
}

// Are the words of `part` those of `whole` from `first` on, as many as it has?
bool same_at(const feeds::Document& whole, const feeds::Document& part, std::size_t first) {
  if (first + part.tokens.size() > whole.tokens.size()) return false;
  for (std::size_t i = 0; i < part.tokens.size(); ++i) {
    if (whole.hashes[first + i] != part.hashes[i]) return false;
  }
  return true;
}

// What stands between two neighbouring words of the title.
std::string between(const feeds::Document& document, std::size_t left) {
  const std::uint32_t from = document.tokens[left].end;
  return document.title.substr(from, document.tokens[left + 1].start - from);
}

bool holds_any(const std::string& text, std::initializer_list<std::string_view> marks) {
  return std::any_of(marks.begin(), marks.end(),
                     [&](std::string_view mark) { return text.find(mark) != std::string::npos; });
}

bool same_words(const std::string& left, const std::string& right) {
  const feeds::Document a = titled(left);
  const feeds::Document b = titled(right);
  return a.tokens.size() == b.tokens.size() && same_at(a, b, 0);
}

// Is `longer` the other headline with a label before it or a site's name behind it?
bool labelled(const feeds::Document& longer, const feeds::Document& shorter) {
  const std::size_t more = longer.tokens.size() - shorter.tokens.size();
  if (shorter.tokens.empty()) return false;
  const bool label = more <= longest_label && same_at(longer, shorter, more) &&
                     holds_any(between(longer, more - 1), {":", "|"});
  const bool site = more <= longest_site && same_at(longer, shorter, 0) &&
                    holds_any(between(longer, shorter.tokens.size() - 1), {"|", " - ", "–", "—"});
  return label || site;
}

bool same_headline(const std::string& left, const std::string& right) {
  const feeds::Document a = titled(left);
  const feeds::Document b = titled(right);
  if (a.tokens.size() == b.tokens.size())
    return same_at(a, b, 0) && (left == right || !a.tokens.empty());
  return a.tokens.size() > b.tokens.size() ? labelled(a, b) : labelled(b, a);
}

std::string without_ends(std::string passage) {
  constexpr std::string_view ellipsis = "…";
  if (passage.starts_with(ellipsis)) passage.erase(0, ellipsis.size());
  if (passage.ends_with(ellipsis)) passage.erase(passage.size() - ellipsis.size());
  return passage.substr(0, passage.find('\n'));
}

std::set<std::string> named_in(const rules::Gazetteer& gazetteer, const std::string& headline) {
  std::set<std::string> named;
  for (const feeds::Mention& mention : gazetteer.find(titled(headline))) {
    named.insert(display_name(gazetteer, mention.entity));
  }
  return named;
}

}  // namespace

bool told_by(const BookedAlert& alert, const std::string& item) {
  return alert.state.revision > 0 && !alert.state.reports.empty() &&
         alert.state.reports.front().item == item;
}

std::string correction_in(const feeds::Document& document, const rules::RuleMatch& match,
                          const BookedAlert& told) {
  if (!told_by(told, document.id)) return {};
  const std::string headline = headline_of(document);
  if (!same_headline(headline, told.view.headline)) {
    return "the headline was: " + told.view.headline;
  }
  if (document.text.empty()) return {};
  const std::string passage = without_ends(told.view.passage);
  const bool same = document.text.find(passage) != std::string::npos ||
                    same_words(rules::passage_for(document, match).text, told.view.passage);
  return same ? std::string() : "the text changed where it matched";
}

std::string names_changed(const rules::Gazetteer& gazetteer, const std::string& before,
                          const std::string& after) {
  const std::set<std::string> old_names = named_in(gazetteer, before);
  const std::set<std::string> new_names = named_in(gazetteer, after);
  const auto missing = [](const std::set<std::string>& from, const std::set<std::string>& in) {
    std::string list;
    for (const std::string& name : from) {
      if (in.count(name) == 0) list += (list.empty() ? "" : ", ") + name;
    }
    return list;
  };
  const std::string added = missing(new_names, old_names);
  const std::string gone = missing(old_names, new_names);
  if (added.empty() && gone.empty()) return {};
  if (gone.empty()) return "the headline now names " + added;
  if (added.empty()) return "the headline no longer names " + gone;
  return "the headline names " + added + " instead of " + gone;
}

}  // namespace wirewatch::daemon
