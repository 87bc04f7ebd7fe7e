#include "rules/match/atoms.h"

#include <algorithm>
#include <array>
#include <bit>

#include "feeds/text/word_hash.h"
#include "rules/match/stemming.h"
#include "rules/match/stop_words.h"

namespace wirewatch::rules {
namespace {

// In occurrences in some thousands of documents, roughly.
std::uint32_t word_weight(const WordToken& word) {
  if (is_stop_word(word.folded)) return 5000;
  const std::uint32_t common = word.folded.size() < 4 ? 8 : word.folded.size() < 7 ? 3 : 1;
  const bool one_form = word.match == WordMatch::folded || word.match == WordMatch::exact;
  return common * (one_form ? 20 : 50);
}

}  // namespace

AtomId AtomTable::known(const std::string& key, std::uint32_t weight, bool& fresh) {
  const auto next = static_cast<AtomId>(weights_.size());
  const auto entry = known_.try_emplace(key, next);
  fresh = entry.second;
  if (fresh) weights_.push_back(weight);
  return entry.first->second;
}

AtomId AtomTable::add_word(const WordToken& word) {
  if (word.match == WordMatch::folded) return add_phrase({{word.folded}});
  const std::string& text = word.match == WordMatch::exact ? word.raw : word.folded;
  std::string key{static_cast<char>('0' + static_cast<int>(word.match)),
                  static_cast<char>('0' + word.edits)};
  bool fresh = false;
  const AtomId atom = known(key + text, word_weight(word), fresh);
  if (!fresh) return atom;
  switch (word.match) {
    case WordMatch::folded:
      break;
    case WordMatch::exact:
      exact_[feeds::word_hash(word.folded)].push_back({word.raw, atom});
      break;
    case WordMatch::prefix:
      prefixes_.add(word.folded, atom);
      break;
    case WordMatch::stem:
      stems_.add(word.folded, atom);
      break;
    case WordMatch::edits:
      edits_.add(word.folded, word.edits, atom);
      break;
  }
  return atom;
}

AtomId AtomTable::add_phrase(const std::vector<std::vector<std::string>>& ways) {
  std::string key = "p";
  std::uint32_t rarest = 5000;
  for (const auto& way : ways) {
    for (const std::string& word : way) {
      key += word;
      key += ' ';
      rarest = std::min(rarest, word_weight({word, "", WordMatch::folded, 0}));
    }
    key += '|';
  }
  const bool phrase = ways[0].size() > 1;
  bool fresh = false;
  const AtomId atom = known(key, phrase ? std::max(1U, rarest / 10) : rarest, fresh);
  if (!fresh) return atom;
  std::vector<std::uint64_t> hashes;
  for (const auto& way : ways) {
    hashes.clear();
    for (const std::string& word : way) hashes.push_back(feeds::word_hash(word));
    words_.add(hashes, atom);
  }
  return atom;
}

AtomId AtomTable::add_entity(const std::string& reference, const Gazetteer& gazetteer) {
  const bool many = reference.starts_with("kind:") || reference.starts_with("country:");
  bool fresh = false;
  const AtomId atom = known("@" + reference, many ? 1000 : 60, fresh);
  if (!fresh) return atom;
  for (const std::string& id : gazetteer.counting_as(reference)) entities_[id].push_back(atom);
  if (reference.starts_with("role:")) {
    offices_[atom] = reference;
    gazetteer_ = gazetteer;
  }
  return atom;
}

void AtomTable::finish() {
  known_ = {};
  words_.finish();
  stems_.finish();
}

// One pass over one document.
class AtomTable::Pass {
 public:
  Pass(const AtomTable& table, const Reading& reading)
      : table_(table),
        reading_(reading),
        languages_(reading.document().language),
        letters_(!table.exact_.empty() || !table.prefixes_.empty() || !table.edits_.empty()),
        marks_(letters_ || !table.stems_.empty()) {
    std::swap(found_, spare());
    found_.clear();
  }
  ~Pass() {
    constexpr std::size_t most_kept = 1 << 16;
    if (found_.capacity() <= most_kept && found_.capacity() > spare().capacity())
      std::swap(found_, spare());
  }
  Pass(const Pass&) = delete;
  Pass& operator=(const Pass&) = delete;

  void words() {
    const auto own = reading_.own_words();
    words_of(0, reading_.own_hashes(), reading_.own_hyphens(), reading_.own_starts());
    words_of(own, reading_.extra_hashes(), reading_.extra_hyphens(), reading_.extra_starts());
  }

  void mentions(std::span<const feeds::Mention> mentions) {
    for (std::uint32_t i = 0; i < mentions.size(); ++i) {
      const auto at = table_.entities_.find(mentions[i].entity);
      if (at == table_.entities_.end()) continue;
      for (const AtomId atom : at->second) {
        if (!held(atom, mentions[i].entity)) continue;
        found_.push_back({atom, {mentions[i].first_token, mentions[i].last_token, i}});
      }
    }
  }

  const std::vector<Found>& found() const { return found_; }

 private:
  // The words from `first` on. In strides: first it is seen where anything may be at all, and what
  // that needs is fetched from memory; then, a stride later, these places are looked at.
  void words_of(std::uint32_t first, std::span<const std::uint64_t> hashes,
                std::span<const feeds::Hyphen> hyphens, std::span<const std::uint32_t> starts) {
    if (hashes.empty()) return;
    WordIndex::Places ahead = expected(first, hashes, 0, starts);
    for (std::uint32_t from = 0; from < hashes.size(); from += WordIndex::stride) {
      const WordIndex::Places places = ahead;
      const auto left = static_cast<std::uint32_t>(hashes.size()) - from;
      const std::uint32_t count = std::min(WordIndex::stride, left);
      if (count < left) ahead = expected(first, hashes, from + count, starts);
      const std::uint64_t joins = joins_in(first + from, count, hyphens);
      if (marks_) {
        all_of(first + from, count, places, joins);
        continue;
      }
      for (std::uint64_t bits = places.any() | joins; bits != 0; bits &= bits - 1) {
        const auto n = static_cast<std::uint32_t>(std::countr_zero(bits));
        one(first + from + n, places, n, (joins >> n & 1U) != 0, {});
      }
    }
  }

  // Takes off `starts` what it has gone by.
  WordIndex::Places expected(std::uint32_t first, std::span<const std::uint64_t> hashes,
                             std::uint32_t from, std::span<const std::uint32_t>& starts) const {
    WordIndex::Places places = table_.words_.places(hashes, from);
    const std::uint32_t begin = first + from;
    for (; !starts.empty() && starts[0] <= begin + WordIndex::stride; starts = starts.subspan(1)) {
      if (starts[0] > begin) places.pairs &= ~(std::uint64_t{1} << (starts[0] - begin - 1));
    }
    return places;
  }

  // Where, of the words from `first` on, hyphens may make one word of two that anything asks for;
  // takes these off `hyphens`.
  std::uint64_t joins_in(std::uint32_t first, std::uint32_t count,
                         std::span<const feeds::Hyphen>& hyphens) {
    std::uint64_t joins = 0;
    for (; !hyphens.empty() && hyphens[0].word < first + count; hyphens = hyphens.subspan(1)) {
      const auto [word, closed] = hyphens[0];
      if (!marks_ && !table_.words_.may_join(reading_, word, closed)) continue;
      if (!reading_.joined(word)) continue;
      joins |= std::uint64_t{1} << (word - first);
      closed_[word - first] = closed;
    }
    return joins;
  }

  // Where there are rules on the letters of words: every one of a stride.
  void all_of(std::uint32_t first, std::uint32_t count, const WordIndex::Places& places,
              std::uint64_t joins) {
    constexpr std::uint32_t at_once = 16;
    const StemIndex& stems = table_.stems_;
    for (std::uint32_t from = 0; from < count; from += at_once) {
      const std::uint32_t end = std::min(from + at_once, count);
      keys_.clear();
      for (std::uint32_t n = from; n < end && !stems.empty(); ++n) {
        stems.expect(reading_.hash(first + n), languages_);
      }
      for (std::uint32_t n = from; n < end && !stems.empty(); ++n) {
        stems.add_keys(n, reading_.folded(first + n), reading_.hash(first + n), languages_, keys_);
      }
      stems.sift(keys_);
      const StemIndex::Wanted* next = keys_.data();
      const StemIndex::Wanted* const last = next + keys_.size();
      for (std::uint32_t n = from; n < end; ++n) {
        const StemIndex::Wanted* const begin = next;
        while (next != last && next->word == n) ++next;
        const bool asked = ((places.any() | joins) >> n & 1U) != 0 || next != begin || letters_;
        if (asked) one(first + n, places, n, (joins >> n & 1U) != 0, {begin, next});
      }
    }
  }

  // What begins at word i, the n-th of `places`; and, where a hyphen joins it to the next, what has
  // the two as one.
  void one(std::uint32_t i, const WordIndex::Places& places, std::uint32_t n, bool joined,
           std::span<const StemIndex::Wanted> stems) {
    const std::uint64_t both = joined ? closed_[n] : 0;
    if (joined) table_.words_.find_before_joined(reading_, i, both, found_);
    table_.words_.find(reading_, i, places, n, found_);
    if (marks_) marked(i, stems);
    if (joined) closed(i, both);
  }

  // An office counts while it is held.
  bool held(AtomId atom, const std::string& entity) const {
    if (table_.offices_.empty()) return true;
    const auto office = table_.offices_.find(atom);
    return office == table_.offices_.end() ||
           table_.gazetteer_.counts_as(entity, office->second, reading_.document().time);
  }

  void take(std::uint32_t first, std::uint32_t last) {
    // A stem may be found in two languages and as the word itself: one occurrence.
    if (atoms_.size() > 1) {
      std::sort(atoms_.begin(), atoms_.end());
      atoms_.erase(std::unique(atoms_.begin(), atoms_.end()), atoms_.end());
    }
    for (const AtomId atom : atoms_) found_.push_back({atom, {first, last, no_mention}});
    atoms_.clear();
  }

  void marked(std::uint32_t i, std::span<const StemIndex::Wanted> stems) {
    if (!table_.exact_.empty()) {
      const auto at = table_.exact_.find(reading_.hash(i));
      if (at != table_.exact_.end()) {
        for (const Exact& exact : at->second) {
          if (reading_.raw(i) == exact.raw) atoms_.push_back(exact.atom);
        }
      }
    }
    if (!table_.prefixes_.empty()) table_.prefixes_.find(reading_.folded(i), 0, atoms_);
    for (const StemIndex::Wanted& stem : stems) table_.stems_.find(stem.key, atoms_);
    if (!table_.edits_.empty()) table_.edits_.find(reading_.folded(i), atoms_);
    if (!atoms_.empty()) take(i, i);
  }

  // Words i and i + 1 as the one word that a hyphen makes of them.
  void closed(std::uint32_t i, std::uint64_t hash) {
    table_.words_.find_joined(reading_, i, hash, found_);
    if (!marks_) return;
    const std::string word = std::string(reading_.folded(i)).append(reading_.folded(i + 1));
    if (!table_.prefixes_.empty()) {
      table_.prefixes_.find(word, reading_.folded(i).size(), atoms_);
    }
    if (!table_.stems_.empty()) {
      StemIndex::Keys keys;
      table_.stems_.add_keys(i, word, hash, languages_, keys);
      table_.stems_.sift(keys);
      for (const StemIndex::Wanted& stem : keys) table_.stems_.find(stem.key, atoms_);
    }
    take(i, i + 1);
  }

  // Room for what is found, of this thread, while no document has it.
  static std::vector<Found>& spare() {
    static thread_local std::vector<Found> room;
    return room;
  }

  const AtomTable& table_;
  const Reading& reading_;
  StemLanguages languages_;
  const bool letters_;  // whether there are rules on the letters of words
  const bool marks_;    // or on their stems
  StemIndex::Keys keys_;
  std::vector<Found> found_;
  std::vector<AtomId> atoms_;
  std::array<std::uint64_t, WordIndex::stride> closed_;  // of the words of joins_in()
};

Occurrences AtomTable::find(const Reading& reading,
                            std::span<const feeds::Mention> mentions) const {
  Pass pass(*this, reading);
  pass.words();
  pass.mentions(mentions);
  return Occurrences(pass.found());
}

}  // namespace wirewatch::rules
