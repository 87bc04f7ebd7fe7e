#include "rules/entities/firm_names.h"

#include <algorithm>

#include "rules/entities/legal_forms.h"

namespace wirewatch::rules {
namespace {

constexpr std::size_t widest = 6;  // words of a legal form

using Words = std::vector<std::string_view>;

// Forms are written with a capital, so that "as" and "ab" are none.
Words folded(const std::vector<NameWord>& words, std::size_t from, std::size_t to) {
  Words all;
  for (std::size_t at = from; at < to; ++at) {
    all.push_back(words[at].capital || !all.empty() ? words[at].folded : std::string_view());
  }
  return all;
}

}  // namespace

BesideFirm beside_firm(const std::vector<NameWord>& words, std::size_t first, std::size_t last) {
  BesideFirm beside;
  std::size_t end = last + 1;
  while (end < words.size() && words[end].sentence == words[last].sentence) {
    const Words after = folded(words, end, std::min(words.size(), end + widest));
    const std::size_t count = legal_form_at(after, 0);
    if (count == 0) break;
    end += count;
  }
  beside.forms_after = static_cast<std::uint32_t>(end - last - 1);
  beside.goes_on =
      beside.forms_after == 0 && words[last].joins_next && end < words.size() && words[end].capital;
  std::size_t begin = first;
  while (begin > 0 && words[begin - 1].sentence == words[first].sentence) {
    const Words before = folded(words, begin > widest ? begin - widest : 0, begin);
    const std::size_t count = legal_form_before(before, before.size());
    if (count == 0 || !words[begin - count].capital) break;
    begin -= count;
  }
  beside.forms_before = static_cast<std::uint32_t>(first - begin);
  beside.began_before = begin == first && begin > 0 && words[begin - 1].joins_next &&
                        words[begin - 1].capital && !words[begin - 1].article;
  return beside;
}

}  // namespace wirewatch::rules
