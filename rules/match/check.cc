#include "rules/match/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "feeds/country.h"
#include "feeds/text/document.h"
#include "rules/entities/countries.h"
#include "rules/match/arabic_words.h"
#include "rules/match/edit_index.h"
#include "rules/match/entity_hint.h"
#include "rules/match/languages.h"
#include "rules/match/pattern.h"
#include "rules/match/stop_words.h"
#include "rules/match/word_tokens.h"

namespace wirewatch::rules {
namespace {

// What a clause is limited to by the fields around it.
struct Limits {
  bool title = false;
  bool text = false;
  bool negated = false;
  const Node* field = nullptr;  // source:, tag: and so on
};

// US, U.S. and the like.
bool is_capitals(const std::string& text) {
  const auto upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  return std::count_if(text.begin(), text.end(), upper) > 1 &&
         std::all_of(text.begin(), text.end(), [&](char c) { return upper(c) || c == '.'; });
}

class Checker {
 public:
  Checker(const Gazetteer& gazetteer, Implications& implications, Suggestions& suggestions)
      : gazetteer_(gazetteer), implications_(implications), suggestions_(suggestions) {}

  std::vector<Diagnostic> run(const Node& tree) {
    visit(tree, Limits());
    if (!has_error(found_)) needs(tree);
    const Node* word = has_error(found_) ? nullptr : arabic_word_as_written(tree);
    if (word != nullptr) as_written(*word);
    std::stable_sort(found_.begin(), found_.end(),
                     [](const Diagnostic& a, const Diagnostic& b) { return a.offset < b.offset; });
    return std::move(found_);
  }

 private:
  void report(Severity severity, const Node& node, std::string text, std::string hint) {
    found_.push_back({severity, "", node.offset, node.length, std::move(text), std::move(hint)});
  }
  void error(const Node& node, std::string text, std::string hint) {
    report(Severity::error, node, std::move(text), std::move(hint));
  }
  void warn(const Node& node, std::string text, std::string hint) {
    report(Severity::warning, node, std::move(text), std::move(hint));
  }

  void as_written(const Node& node) {
    const Word& word = node.words[0];
    const std::string other = word.match == WordMatch::folded
                                  ? fmt::format("; ={} for this form only", word.text)
                                  : std::string();
    warn(node,
         fmt::format("in Arabic '{}' is not found where و ف ب ل ك or ال is written onto it",
                     to_text(node)),
         fmt::format("write {}~ for all its forms{}", word.text, other));
  }

  void visit(const Node& node, Limits limits) {
    if (limits.field != nullptr && !belongs_in_field(node, *limits.field)) return;
    if (node.kind == NodeKind::rule) return;
    if (node.kind == NodeKind::entity) return entity(node);
    if (node.kind == NodeKind::pattern) return pattern(node);
    if (is_leaf(node.kind)) return words(node, limits);
    if (node.kind == NodeKind::field || node.kind == NodeKind::same) limit(node, limits);
    if (node.kind == NodeKind::all) together(node);
    if (node.kind == NodeKind::any || node.kind == NodeKind::some) repeated(node);
    if (node.kind == NodeKind::none) limits.negated = !limits.negated;
    for (const Node& part : node.parts) visit(part, limits);
  }

  void limit(const Node& node, Limits& limits) {
    if (node.kind == NodeKind::field && is_about_document(node.scope)) {
      limits = {false, false, limits.negated, &node};
      return;
    }
    if (node.scope >= Scope::title_lead) return;  // in both
    (node.scope == Scope::title ? limits.title : limits.text) = true;
    if (!limits.title || !limits.text) return;
    warn(node, fmt::format("'{}' can never hold here", to_text(node)),
         "the title is no part of the text, nor the text of the title");
  }

  bool belongs_in_field(const Node& node, const Node& field) {
    const bool has_words = node.kind == NodeKind::term || node.kind == NodeKind::phrase ||
                           node.kind == NodeKind::pattern;
    const bool joins = node.kind == NodeKind::all || node.kind == NodeKind::any ||
                       node.kind == NodeKind::none || node.kind == NodeKind::some;
    if (has_words) value(node, field);
    if (has_words || joins) return true;
    error(node, fmt::format("'{}' has no place inside {}:", to_text(node), scope_name(field.scope)),
          "words, \"phrases\", begin*, /patterns/ and AND, OR, NOT of them are looked for there");
    return false;
  }

  // lang: and country: hold one short code each.
  void value(const Node& node, const Node& field) {
    if (node.kind != NodeKind::term || node.words[0].match != WordMatch::folded) return;
    const std::string& text = node.words[0].text;
    const bool letters =
        std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isalpha(c) != 0; });
    if (field.scope == Scope::lang && (!letters || text.size() < 2 || text.size() > 3)) {
      error(node, fmt::format("'{}' is no code of a language", text),
            "two or three letters: lang:ar, lang:(ar OR ckb)");
    } else if (field.scope == Scope::lang && !is_language(feeds::fold_word(text))) {
      const std::string meant = language_meant_by(text);
      const bool long_code = text.size() == 3 && !meant.empty();
      warn(node,
           long_code ? fmt::format("no document's language is called '{}'", text)
                     : fmt::format("'{}' is the code of no language", text),
           meant.empty() ? "codes are those of ISO 639: lang:ar, lang:(ar OR ckb)"
                         : fmt::format("did you mean lang:{}?", meant));
    }
    if (field.scope == Scope::country) country(node, text, letters && text.size() == 2);
  }

  void country(const Node& node, const std::string& text, bool two_letters) {
    if (!two_letters) {
      return error(node, fmt::format("'{}' is no code of a country", text),
                   "two letters: country:IQ; for countries that are named use @country:IQ");
    }
    const std::string folded = feeds::fold_word(text);
    if (folded == "eu" || folded == "xk") return;  // feeds may be tagged so
    const std::string code = country_called(text);
    if (feeds::fold_word(code) == folded) {
      if (!feeds::is_open_ending(code)) return;
      return warn(node, fmt::format("addresses that end in .{} tell no country", folded),
                  fmt::format("give the feeds meant the tag country:{}", code));
    }
    warn(node, fmt::format("'{}' is the code of no country", text),
         code.empty() ? "codes are those of ISO 3166: country:IQ"
                      : fmt::format("did you mean country:{}?", code));
  }

  void together(const Node& node) {
    for (std::size_t i = 0; i < node.parts.size(); ++i) {
      for (std::size_t j = i + 1; j < node.parts.size(); ++j) {
        const Node& a = node.parts[i];
        const Node& b = node.parts[j];
        if (!implications_.excludes(a, b)) continue;
        const Node* negation = a.kind == NodeKind::none   ? &a
                               : b.kind == NodeKind::none ? &b
                                                          : nullptr;
        const Node& other = negation == &a ? b : a;
        if (negation == nullptr) {
          warn(b, fmt::format("'{}' and '{}' can never hold together", to_text(a), to_text(b)),
               "use OR, or leave one out");
        } else {
          warn(*negation,
               fmt::format("'{}' excludes everything that '{}' finds", to_text(*negation),
                           to_text(other)),
               "this can never hold; exclude less");
        }
        return;
      }
    }
  }

  void repeated(const Node& node) {
    for (std::size_t i = 0; i < node.parts.size(); ++i) {
      for (std::size_t j = i + 1; j < node.parts.size(); ++j) {
        if (!same_tree(node.parts[i], node.parts[j])) continue;
        warn(node.parts[j], fmt::format("'{}' is there twice", to_text(node.parts[j])),
             "one of the two is enough");
        return;
      }
    }
  }

  void words(const Node& node, Limits limits) {
    if (node.words.empty()) return;
    std::vector<WordToken> all;
    for (const Word& word : node.words) {
      const std::vector<WordToken> made = word_tokens(word);
      all.insert(all.end(), made.begin(), made.end());
      if (!made.empty()) long_enough(node, word, letters_of(made.back().folded).size());
    }
    if (all.empty()) {
      return error(node, fmt::format("'{}' holds neither letters nor digits", to_text(node)),
                   "punctuation and symbols are not matched");
    }
    if (limits.field == nullptr) stop_words(node, all, limits);
  }

  void long_enough(const Node& node, const Word& word, std::size_t letters) {
    if (word.match == WordMatch::prefix && letters < 2) {
      error(node, fmt::format("'{}*' is too short a beginning", word.text),
            "give at least two letters before the '*'");
    }
    if (word.match != WordMatch::edits) return;
    const std::size_t least = least_letters_for_edits[word.edits];
    if (letters >= least && letters <= EditIndex::most_letters) return;
    error(
        node,
        fmt::format("'{}~{}' is too {}", word.text, word.edits, letters < least ? "short" : "long"),
        fmt::format("~{} takes a word of {} to {} letters", word.edits, least,
                    EditIndex::most_letters));
  }

  void stop_words(const Node& node, const std::vector<WordToken>& words, Limits limits) {
    const bool all = std::all_of(words.begin(), words.end(), [](const WordToken& word) {
      return word.match != WordMatch::exact && word.match != WordMatch::prefix &&
             is_stop_word(word.folded);
    });
    if (!all) return;
    const std::string& raw = words[0].raw;
    if (node.kind == NodeKind::term && is_capitals(raw)) {
      return warn(
          node,
          fmt::format("'{}' also finds the word \"{}\", which stands in nearly every document", raw,
                      words[0].folded),
          fmt::format("write ={} for these letters only", raw));
    }
    if (limits.negated) {
      return warn(node,
                  fmt::format("a NOT of '{}' leaves nearly nothing: nearly every document has it",
                              to_text(node)),
                  "exclude a rarer word or a longer phrase");
    }
    warn(node,
         fmt::format("'{}' stands in nearly every document, so it tells nothing", to_text(node)),
         "leave it out, or make it part of a phrase");
  }

  void pattern(const Node& node) {
    const auto compiled = Pattern::compile(node.reference, node.ignore_case);
    if (compiled) return;
    error(node, fmt::format("'{}' is no pattern: {}", to_text(node), compiled.error().text),
          "the syntax is RE2's: no look-around, no back references");
  }

  void entity(const Node& node) {
    const std::string& reference = node.reference;
    if (gazetteer_.knows(reference)) return;
    error(node, fmt::format("there is no entity '@{}'", reference),
          hint_for_entity(reference, gazetteer_, suggestions_));
  }

  void needs(const Node& tree) {
    if (!needs_something(tree, true)) {
      const bool negation = tree.kind == NodeKind::none;
      return error(tree,
                   negation ? "a NOT alone holds for nearly every document"
                            : "this holds for documents in which none of its words occur",
                   "say what must occur as well: border AND NOT football");
    }
    if (needs_something(tree, false)) return;
    warn(tree, "this needs no word, so its pattern is tried on every document",
         "add a word that must occur: word AND /pattern/");
  }

  // False when the clause can hold although nothing it names occurs. `patterns`: they count.
  static bool needs_something(const Node& node, bool patterns) {
    if (node.kind == NodeKind::pattern) return patterns;
    if (is_leaf(node.kind)) return true;
    if (node.kind == NodeKind::rule) {
      return !node.named || needs_something(*node.named, patterns);  // without: reported already
    }
    if (node.kind == NodeKind::none || node.kind == NodeKind::measure) return false;
    const auto needing = static_cast<std::size_t>(
        std::count_if(node.parts.begin(), node.parts.end(),
                      [patterns](const Node& part) { return needs_something(part, patterns); }));
    if (node.kind == NodeKind::any) return needing == node.parts.size();
    if (node.kind == NodeKind::some) return needing + node.number > node.parts.size();
    return needing > 0;
  }

  const Gazetteer& gazetteer_;
  Implications& implications_;
  Suggestions& suggestions_;
  std::vector<Diagnostic> found_;
};

}  // namespace

std::vector<Diagnostic> check(const Node& tree, const Gazetteer& gazetteer,
                              Implications& implications, Suggestions& suggestions) {
  return Checker(gazetteer, implications, suggestions).run(tree);
}

}  // namespace wirewatch::rules
