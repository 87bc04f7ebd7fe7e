#include "feeds/text/document.h"

#include <algorithm>
#include <span>
#include <utility>

#include "feeds/text/clean.h"
#include "feeds/text/language.h"
#include "feeds/text/tokenise.h"
#include "feeds/text/utf8.h"

namespace wirewatch::feeds {
namespace {

constexpr std::uint32_t most_lead_tokens = 60;

std::string trimmed_title(std::string_view raw) {
  std::string title = unicode::tidy(raw, max_title_bytes);
  std::replace(title.begin(), title.end(), '\n', ' ');
  const std::size_t first = title.find_first_not_of(' ');
  if (first == std::string::npos) return {};
  return title.substr(first, title.find_last_not_of(' ') - first + 1);
}

// The words of title and text, the title's first.
void take_words(Words words, std::size_t title_words, Document& document) {
  document.title_tokens = static_cast<std::uint32_t>(title_words);
  const auto rest = static_cast<std::uint32_t>(words.words.size()) - document.title_tokens;
  document.lead_tokens = std::min(most_lead_tokens, rest);
  document.folded = std::move(words.folded);
  document.tokens = std::move(words.words);
  document.hashes = std::move(words.hashes);
  document.hyphens = std::move(words.hyphens);
  document.paragraph_starts = std::move(words.paragraph_starts);
}

// "en" of "en-GB" or "EN_us"; empty unless it is two or three letters.
std::string primary_tag(std::string_view declared) {
  std::string tag;
  for (const char c : declared) {
    if (c == '-' || c == '_') break;
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if (lower < 'a' || lower > 'z' || tag.size() == 3) return {};
    tag.push_back(lower);
  }
  return tag.size() >= 2 ? tag : std::string();
}

}  // namespace

Document make_document(DocumentInput input) {
  Document document;
  document.id = std::move(input.id);
  document.feed = std::move(input.feed);
  document.source = std::move(input.source);
  document.url = std::move(input.url);
  document.authors = std::move(input.authors);
  document.categories = std::move(input.categories);
  document.feed_tags = std::move(input.feed_tags);
  document.time = input.time;
  document.title = trimmed_title(input.title);
  Words words;
  tokenise(document.title, Field::title, words);
  const std::size_t title_words = words.words.size();
  document.text = clean_text(unicode::tidy(input.text, max_text_bytes), words);
  take_words(std::move(words), title_words, document);

  const std::span<const std::uint64_t> hashes = document.hashes;
  document.language = detect_language(document.text, hashes.subspan(document.title_tokens));
  if (document.language.empty()) {
    document.language = detect_language(document.title, hashes.first(document.title_tokens));
  }
  std::string declared = primary_tag(input.language);
  if (document.language.empty() || is_mistaken_for(declared, document.language, document.text)) {
    document.language = std::move(declared);
  }
  return document;
}

Document plain_document(std::string_view title, std::string_view text) {
  Document document;
  document.title = trimmed_title(title);
  document.text = unicode::tidy(text, max_text_bytes);
  Words words;
  tokenise(document.title, Field::title, words);
  const std::size_t title_words = words.words.size();
  tokenise(document.text, Field::text, words);
  take_words(std::move(words), title_words, document);
  return document;
}

std::string fold_word(std::string_view word) {
  const Words words = tokenise(word);
  std::string folded;
  for (std::size_t i = 0; i < words.words.size(); ++i) folded += words.folded_form(i);
  return folded;
}

std::vector<std::string> fold_words(std::string_view text) {
  const Words words = tokenise(text);
  std::vector<std::string> folded;
  folded.reserve(words.words.size());
  for (std::size_t i = 0; i < words.words.size(); ++i) folded.emplace_back(words.folded_form(i));
  return folded;
}

}  // namespace wirewatch::feeds
