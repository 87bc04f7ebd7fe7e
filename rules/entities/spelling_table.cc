#include "rules/entities/spelling_table.h"

#include <algorithm>

#include "feeds/hash.h"
#include "rules/entities/common_words.h"
#include "rules/entities/name_distance.h"
#include "rules/entities/name_match.h"
#include "rules/entities/name_words.h"

namespace wirewatch::rules {
namespace {

constexpr std::size_t most_paths = 64;   // of keys for one name
constexpr std::size_t most_steps = 400;  // from one word of a document
constexpr std::size_t most_inserted = 2;
// What a word by itself has to have: its likeness, its sounds (nats), and its bytes where nothing
// else says that a firm is meant.
constexpr float surely_single = 0.82F;
constexpr float least_agreement = 9.5F;
constexpr std::size_t long_single = 6;

std::uint64_t step_key(std::uint32_t state, NameKey key) {
  return (key ^ ((std::uint64_t{state} + 1) * 0x9E3779B97F4A7C15U)) * 0xBF58476D1CE4E5B9U;
}

// A word without consonants that count is a word all the same: Ayoe.
constexpr NameKey vowels_only = 0xFFFF;
NameKey shown(NameKey key) {
  return key == 0 ? vowels_only : key;
}

// Stands for any word.
constexpr NameKey any_word = 0xFFFFFF;

// A key of its own for all words that begin alike.
NameKey first_only(NameKey key) {
  while (key > 15) key >>= 4U;
  return key | 0xF0000000U;
}

// A key that all inflections of a plain word share.
NameKey plain_key(std::string_view singular) {
  return keys_of(sounds_of(singular), 1)[0] | 0xE000000000000000U;
}

bool same_key(const NameUnit& a, const NameUnit& b) {
  return keys_of(a.readings[0], 1)[0] == keys_of(b.readings[0], 1)[0];
}

bool has_article(const std::vector<NameWord>& words, std::size_t at) {
  const std::string_view folded = words[at].folded;
  return (at > 0 && words[at - 1].article) || folded.starts_with("al") ||
         folded.starts_with("el") || folded.find("ال") != std::string_view::npos;
}

// "Iraqi" is no spelling of Iraq, but what belongs to it.
bool derived(std::string_view word, std::string_view from) {
  if (!word.starts_with(from)) return false;
  const std::string_view rest = word.substr(from.size());
  return rest == "i" || rest == "y" || rest == "n" || rest == "s" || rest == "an" || rest == "is" ||
         rest == "ni";
}

std::size_t keys_for(std::size_t units) {
  return units < 3 ? 8 : units == 3 ? 4 : 2;
}

}  // namespace

// One way through a document: the parts taken so far, two where they are written apart.
struct SpellingTable::Step {
  const NameUnit* unit = nullptr;
  const NameUnit* other_half = nullptr;
};

struct SpellingTable::Walk {
  const feeds::Document& document;
  const std::vector<NameWord>& words;
  const std::vector<NameUnit>& units;
  std::vector<NameHit>& hits;
  std::vector<Step> path = {};
  std::vector<NameKeys> keys = {};          // by part; empty: not made yet
  std::vector<std::string> singulars = {};  // by part: common_singular(), where `keys` is made
  std::size_t inserted = 0;
  std::size_t ands = 0;  // left out between the parts
  enum class Slip : std::uint8_t { none, inside, anywhere };
  Slip slip = Slip::none;  // one word is taken by its first consonant, or as it is
  std::size_t steps = 0;

  // The keys of all readings of a part, the likeliest first; made once.
  const NameKeys& keys_at(std::size_t unit) {
    NameKeys& known = keys[unit];
    if (!known.empty()) return known;
    if (units[unit].number != 0) {
      known.push_back(units[unit].number);
      return known;
    }
    for (const Sounds& reading : units[unit].readings) {
      for (const NameKey plain : keys_of(reading, 2)) {
        const NameKey key = shown(plain);
        if (std::find(known.begin(), known.end(), key) == known.end()) known.push_back(key);
      }
    }
    singulars[unit] = common_singular(folded(units[unit]));
    if (!singulars[unit].empty()) known.push_back(plain_key(singulars[unit]));
    return known;
  }

  std::uint32_t last_word() const {
    const Step& end = path.back();
    return (end.other_half == nullptr ? end.unit : end.other_half)->last;
  }

  bool adjacent(std::size_t unit) const {
    if (unit + 1 >= units.size()) return false;
    std::size_t at = units[unit].last;
    for (; at < units[unit + 1].first; ++at) {
      if (!words[at].joins_next) return false;
      if (at > units[unit].last && !words[at].article) return false;
    }
    return true;
  }
  // "&", "/" or a possessive 's parts the unit from the next.
  bool loosely_joined(std::size_t unit) const {
    return unit + 1 < units.size() && units[unit + 1].first == units[unit].last + 1 &&
           words[units[unit].last].gap != NameWord::Gap::none;
  }
  std::string_view folded(const NameUnit& unit) const { return words[unit.first].folded; }
};

std::uint32_t SpellingTable::next_state(std::uint32_t state, NameKey key) const {
  const auto at = steps_.find(step_key(state, key));
  return at == steps_.end() ? 0 : at->second;
}

void SpellingTable::grow(std::uint32_t state, const Spelling& spelling, std::size_t unit,
                         std::uint32_t index, std::size_t& paths) {
  if (unit == spelling.units.size()) {
    std::vector<std::uint32_t>& ends = ends_[state];
    if (ends.empty() || ends.back() != index) ends.push_back(index);
    ++paths;
    return;
  }
  if (const NameKey number = spelling.units[unit].number; number != 0) {
    return grow(grown(state, number), spelling, unit + 1, index, paths);
  }
  if (!spelling.singulars[unit].empty()) {
    grow(grown(state, plain_key(spelling.singulars[unit])), spelling, unit + 1, index, paths);
  }
  const std::size_t most = spelling.singulars[unit].empty() ? keys_for(spelling.units.size()) : 1;
  NameKeys seen;
  for (const Sounds& reading : spelling.units[unit].readings) {
    for (const NameKey plain : keys_of(reading, most)) {
      const NameKey key = shown(plain);
      if (paths >= most_paths) continue;
      if (std::find(seen.begin(), seen.end(), key) != seen.end()) continue;
      seen.push_back(key);
      grow(grown(state, key), spelling, unit + 1, index, paths);
    }
  }
}

std::uint32_t SpellingTable::grown(std::uint32_t state, NameKey key) {
  const auto [at, fresh] =
      steps_.try_emplace(step_key(state, key), static_cast<std::uint32_t>(ends_.size()));
  const std::uint32_t next = at->second;
  if (fresh) ends_.emplace_back();
  return next;
}

// Of several words, one may have lost or swapped a consonant: there only the first one is asked
// for, and of three and more not even that.
void SpellingTable::grow_with_slips(const Spelling& spelling, std::uint32_t index) {
  const std::size_t count = spelling.units.size();
  for (std::size_t slip = 0; count > 1 && slip < count; ++slip) {
    if (spelling.units[slip].number != 0) continue;
    std::uint32_t inside = 0;
    std::uint32_t anywhere = 0;
    for (std::size_t unit = 0; unit < count; ++unit) {
      const NameUnit& one = spelling.units[unit];
      const NameKey key = one.number != 0 ? one.number : shown(keys_of(one.readings[0], 1)[0]);
      inside = grown(inside, unit == slip ? first_only(key) : key);
      if (count > 2) anywhere = grown(anywhere, unit == slip ? any_word : key);
    }
    ends_[inside].push_back(index);
    if (count > 2) ends_[anywhere].push_back(index);
  }
}

bool SpellingTable::add(const std::string& name, const NameEntry& entry) {
  return add(NameVariant{name, false, false}, entry);
}

bool SpellingTable::add(const NameVariant& variant, const NameEntry& entry) {
  const std::string& name = variant.name;
  if (name.empty() || name[0] == '=') return false;
  NameText text = read_name(name);
  if (text.units.empty() || !text.complete) return false;
  const bool all_plain = std::all_of(text.words.begin(), text.words.end(), is_common_word);
  if (all_plain && text.words.size() < 3) return false;
  const auto index = static_cast<std::uint32_t>(spellings_.size());
  Spelling spelling;
  spelling.entry = entry;
  spelling.all_plain = all_plain;
  spelling.firm = variant.without_form;
  spelling.and_inside = variant.and_inside;
  for (const std::string& word : text.words) {
    std::uint32_t& owner = owners_.try_emplace(hash64(word), entry.entity).first->second;
    if (owner != entry.entity) owner = several_entities;
  }
  for (const std::string& word : text.heads) {
    spelling.common.push_back(is_common_word(word));
    spelling.singulars.push_back(common_singular(word));
  }
  spelling.article = text.article;
  spelling.words = std::move(text.heads);
  spelling.units = std::move(text.units);
  std::size_t paths = 0;
  grow(0, spelling, 0, index, paths);
  if (paths == 0) return false;
  grow_with_slips(spelling, index);
  spellings_.push_back(std::move(spelling));
  return true;
}

void SpellingTable::arrive(Walk& walk, std::uint32_t state) const {
  for (const std::uint32_t index : ends_[state]) verify(walk, spellings_[index]);
}

// "Muhammad Abdallah Salih" is another man than Mohammed Abdullah.
bool SpellingTable::goes_on(const Walk& walk) {
  const Step& end = walk.path.back();
  const NameUnit& last = end.other_half == nullptr ? *end.unit : *end.other_half;
  const auto unit = static_cast<std::size_t>(&last - walk.units.data());
  if (!last.script_has_capitals || !walk.adjacent(unit)) return false;
  const NameUnit& next = walk.units[unit + 1];
  if (next.number != 0) return false;
  return next.link || (next.capital && !is_common_word(walk.folded(next)));
}

bool SpellingTable::enough(const Walk& walk, const Spelling& spelling, float least, float mean) {
  if (walk.path.size() > 1) {
    // With a consonant that is another one, vowels are no longer what tells names apart.
    switch (walk.slip) {
      case Walk::Slip::none:
        return least >= 0.55F && mean >= 0.68F;
      case Walk::Slip::inside:
        return least >= 0.42F && mean >= 0.7F;
      case Walk::Slip::anywhere:
        return least >= 0.6F && mean >= 0.75F;
    }
  }
  const NameEntry& entry = spelling.entry;
  if (spelling.article && !has_article(walk.words, walk.path[0].unit->first)) return false;
  if (entry.role == NameRole::shortened) return least >= 0.72F;
  // A word by itself has to be near and long enough, and nothing that the text itself uses as a
  // plain word.
  const NameUnit& text = *walk.path[0].unit;
  const Sounds& sounds = text.readings[0];
  const bool name_abjad = spelling.units[0].readings[0].abjad;
  if (!entry.single || (sounds.abjad && name_abjad)) return false;
  if (sounds.abjad != name_abjad)
    return entry.one_script && least >= 0.85F && self_agreement(sounds) >= 13;
  if (least < surely_single || self_agreement(sounds) < least_agreement) return false;
  const std::string_view folded = walk.folded(text);
  if (derived(folded, spelling.words[0]) || derived(spelling.words[0], folded)) return false;
  return std::none_of(walk.words.begin(), walk.words.end(),
                      [&](const NameWord& word) { return !word.capital && word.folded == folded; });
}

// "&" and "and" stand in names that have one of them; a stroke and a possessive 's in all but
// those of people and places.
bool SpellingTable::joined_rightly(const Walk& walk, const Spelling& spelling) {
  if (walk.ands > 0 && !spelling.and_inside) return false;
  for (std::size_t at = walk.path.front().unit->first; at < walk.last_word(); ++at) {
    const NameWord::Gap gap = walk.words[at].gap;
    const bool loose = gap == NameWord::Gap::slash || gap == NameWord::Gap::possessive;
    if (loose && spelling.entry.single) return false;
    if (gap == NameWord::Gap::ampersand && !spelling.and_inside) return false;
  }
  return true;
}

// A firm without its legal form: with another one beside it, or where its name is not a part of a
// longer one. One word by itself has to be as listed, long, and no other entity's; beside a form
// it may vary as names of places do.
bool SpellingTable::firm_counts(const Walk& walk, const Spelling& spelling,
                                const BesideFirm& around) const {
  const bool form = around.forms_before + around.forms_after > 0;
  if (!form && around.goes_on) return false;
  if (walk.path.size() > 1) return true;
  const NameUnit& text = *walk.path[0].unit;
  const std::string_view folded = walk.folded(text);
  const bool as_listed = folded == spelling.words[0];
  if (around.began_before || around.goes_on) return false;
  if (form) {
    const bool near = unit_likeness(text, spelling.units[0]) >= surely_single &&
                      self_agreement(text.readings[0]) >= least_agreement;
    return as_listed || near;
  }
  if (!as_listed || folded.size() < long_single) return false;
  const auto owner = owners_.find(hash64(folded));
  return owner != owners_.end() && owner->second != several_entities;
}

void SpellingTable::verify(Walk& walk, const Spelling& spelling) const {
  if (walk.path.size() != spelling.units.size()) return;
  if (walk.inserted > 0 && !spelling.entry.person) return;
  if (!joined_rightly(walk, spelling)) return;
  float least = 1;
  float sum = 0;
  int plain_words = 0;
  int sure_words = 0;
  for (std::size_t i = 0; i < walk.path.size(); ++i) {
    const Step& taken = walk.path[i];
    const NameUnit& wanted = spelling.units[i];
    const std::string_view folded = walk.folded(*taken.unit);
    const auto place = static_cast<std::size_t>(taken.unit - walk.units.data());
    const bool inflected = !spelling.singulars[i].empty() && taken.other_half == nullptr &&
                           walk.singulars[place] == spelling.singulars[i];
    const bool varies = folded != spelling.words[i] && !inflected && wanted.number == 0;
    if (varies && spelling.all_plain) return;
    const bool plain = varies && (spelling.common[i] || is_common_word(folded));
    float like = taken.other_half == nullptr
                     ? unit_likeness(*taken.unit, wanted)
                     : unit_likeness(together(*taken.unit, *taken.other_half), wanted);
    if (inflected) like = std::max(like, 0.9F);
    if (like < (walk.slip == Walk::Slip::inside ? 0.42F : 0.55F)) return;
    // A plain word ("Sad") spells a name only beside another word that is surely of the name.
    if (plain && (plain_words++ > 0 || like < 0.8F)) return;
    sure_words += int{!plain && !spelling.common[i] && like >= 0.9F};
    // Names of the same consonants (Hassan, Hussein) are judged by their vowels, not as slips.
    if (like < 0.55F && same_key(*taken.unit, wanted)) return;
    least = std::min(least, like);
    sum += like;
  }
  if (plain_words > 0 && sure_words == 0) return;
  const float mean = sum / static_cast<float>(walk.path.size());
  if (spelling.entry.person && mean < 1 && goes_on(walk)) return;
  const NameUnit& first = *walk.path.front().unit;
  const BesideFirm around =
      spelling.firm ? beside_firm(walk.words, first.first, walk.last_word()) : BesideFirm{};
  if (spelling.firm && !firm_counts(walk, spelling, around)) return;
  if (!(spelling.firm && walk.path.size() == 1) && !enough(walk, spelling, least, mean)) return;
  NameHit hit;
  hit.first = first.first - around.forms_before;
  hit.last = walk.last_word() + around.forms_after;
  hit.entry = &spelling.entry;
  hit.likeness = walk.inserted > 0 ? 0.95F * mean : mean;
  walk.hits.push_back(hit);
}

// The part at `unit` as the next of a name, by itself or with the one after it.
void SpellingTable::step(Walk& walk, std::uint32_t state, std::size_t unit) const {
  const NameUnit& here = walk.units[unit];
  if (!here.capital && !(here.inner && !walk.path.empty())) return;
  const NameKeys& seen = walk.keys_at(unit);
  const auto go = [&](NameKey key, const NameUnit* half, std::size_t last) {
    if (++walk.steps > most_steps) return;
    const std::uint32_t next = next_state(state, key);
    if (next == 0) return;
    walk.path.push_back({&here, half});
    arrive(walk, next);
    follow(walk, next, last);
    walk.path.pop_back();
  };
  for (const NameKey key : seen) go(key, nullptr, unit);
  if (walk.slip == Walk::Slip::none && !seen.empty() && here.number == 0 &&
      !is_common_word(walk.folded(here))) {
    walk.slip = Walk::Slip::inside;
    go(first_only(seen[0]), nullptr, unit);
    walk.slip = Walk::Slip::anywhere;
    go(any_word, nullptr, unit);
    walk.slip = Walk::Slip::none;
  }
  if (seen.empty() || seen[0] == vowels_only || here.number != 0 || !walk.adjacent(unit) ||
      !(walk.units[unit + 1].capital || walk.units[unit + 1].inner))
    return;
  if (walk.units[unit + 1].number != 0) return;
  const NameKeys more = keys_of(walk.units[unit + 1].readings[0], 1);
  if (more[0] != 0) go(joined(seen[0], more[0]), &walk.units[unit + 1], unit + 1);
}

void SpellingTable::follow(Walk& walk, std::uint32_t state, std::size_t unit) const {
  if (walk.path.size() >= max_name_words) return;
  if (!walk.adjacent(unit)) {
    if (walk.loosely_joined(unit)) step(walk, state, unit + 1);
    return;
  }
  step(walk, state, unit + 1);
  const NameUnit& between = walk.units[unit + 1];
  if (!walk.adjacent(unit + 1)) return;
  if (between.link) {
    step(walk, state, unit + 2);
    return;
  }
  if (walk.folded(between) == "and") {
    ++walk.ands;
    step(walk, state, unit + 2);
    --walk.ands;
    return;
  }
  // A given name of the father or of one's own that the listed name leaves out.
  if (walk.inserted >= most_inserted || !between.capital || between.number != 0) return;
  const std::string_view folded = walk.folded(between);
  if (between.script_has_capitals ? is_common_word(folded) : !is_given_name(folded)) return;
  ++walk.inserted;
  step(walk, state, unit + 2);
  --walk.inserted;
}

std::vector<NameHit> SpellingTable::find(const feeds::Document& document) const {
  std::vector<NameHit> hits;
  if (spellings_.empty()) return hits;
  const std::vector<NameWord> words = name_words_of(document);
  const std::vector<NameUnit> units = name_units(words);
  Walk walk{document, words, units, hits};
  walk.keys.resize(units.size());
  walk.singulars.resize(units.size());
  for (std::size_t unit = 0; unit < units.size(); ++unit) {
    walk.steps = 0;
    walk.path.clear();
    step(walk, 0, unit);
  }
  return hits;
}

std::string SpellingTable::describe(const std::string& name) {
  std::string text;
  for (const NameUnit& unit : read_name(name).units) {
    if (!text.empty()) text += " ";
    if (unit.number != 0) {
      text += "#";
      continue;
    }
    text += key_text(keys_of(unit.readings[0], 1)[0]);
  }
  return text;
}

}  // namespace wirewatch::rules
