#include "feeds/text/document.h"

#include <algorithm>

#include "feeds/hash.h"
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

void append_tokens(Document& document, const Words& words, Field field) {
  const auto base = static_cast<std::uint32_t>(document.folded.size());
  const std::string& text = field == Field::title ? document.title : document.text;
  document.folded += words.folded;
  document.tokens.reserve(document.tokens.size() + words.words.size());
  std::uint32_t position = 0;
  for (const Word& word : words.words) {
    Token token;
    token.start = word.start;
    token.end = word.end;
    token.folded_start = base + word.folded_start;
    token.folded_length = word.folded_length;
    token.position = position++;
    token.sentence = word.sentence;
    token.paragraph = word.paragraph;
    token.field = field;
    token.before_space = word.end < text.size() && text[word.end] == ' ';
    token.hash = hash64_within(document.folded, token.folded_start, token.folded_length);
    document.tokens.push_back(token);
  }
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
  document.text = clean_text(unicode::tidy(input.text, max_text_bytes), document.title);

  const Words title = tokenise(document.title);
  const Words text = tokenise(document.text);
  append_tokens(document, title, Field::title);
  document.title_tokens = static_cast<std::uint32_t>(document.tokens.size());
  append_tokens(document, text, Field::text);
  document.lead_tokens = std::min(most_lead_tokens, static_cast<std::uint32_t>(text.words.size()));
  document.language = detect_language(document.text, text);
  if (document.language.empty()) document.language = detect_language(document.title, title);
  if (document.language.empty()) document.language = primary_tag(input.language);
  return document;
}

Document plain_document(std::string_view title, std::string_view text) {
  Document document;
  document.title = trimmed_title(title);
  document.text = unicode::tidy(text, max_text_bytes);
  append_tokens(document, tokenise(document.title), Field::title);
  document.title_tokens = static_cast<std::uint32_t>(document.tokens.size());
  append_tokens(document, tokenise(document.text), Field::text);
  const auto words = static_cast<std::uint32_t>(document.tokens.size()) - document.title_tokens;
  document.lead_tokens = std::min(most_lead_tokens, words);
  return document;
}

std::string fold_word(std::string_view word) {
  const Words words = tokenise(word);
  return words.folded;
}

std::vector<std::string> fold_words(std::string_view text) {
  const Words words = tokenise(text);
  std::vector<std::string> folded;
  folded.reserve(words.words.size());
  for (const Word& word : words.words)
    folded.push_back(words.folded.substr(word.folded_start, word.folded_length));
  return folded;
}

}  // namespace wirewatch::feeds
