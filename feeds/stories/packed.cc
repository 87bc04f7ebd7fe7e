#include "feeds/stories/packed.h"

#include <algorithm>
#include <span>

namespace wirewatch::feeds {
namespace {

constexpr char format = 1;
// No list of a document's features is longer; more is no honest count.
constexpr std::uint64_t most_entries = 100'000;

void put(std::string& bytes, std::uint64_t number) {
  while (number >= 0x80) {
    bytes.push_back(static_cast<char>((number & 0x7F) | 0x80));
    number >>= 7;
  }
  bytes.push_back(static_cast<char>(number));
}

void put_rising(std::string& bytes, std::span<const std::uint32_t> list) {
  put(bytes, list.size());
  std::uint32_t before = 0;
  for (const std::uint32_t number : list) {
    put(bytes, number - before);
    before = number;
  }
}

class Bytes {
 public:
  explicit Bytes(std::string_view bytes) : bytes_(bytes) {}

  bool good() const { return good_; }
  bool at_end() const { return good_ && at_ == bytes_.size(); }

  std::uint64_t number() {
    std::uint64_t number = 0;
    for (int shift = 0; shift < 64 && at_ < bytes_.size(); shift += 7) {
      const auto byte = static_cast<unsigned char>(bytes_[at_++]);
      number |= std::uint64_t{byte & 0x7Fu} << shift;
      if ((byte & 0x80u) == 0) return number;
    }
    good_ = false;
    return 0;
  }

  std::size_t count() {
    const std::uint64_t count = number();
    // An entry takes a byte at least.
    if (count > most_entries || count > bytes_.size() - at_) good_ = false;
    return good_ ? static_cast<std::size_t>(count) : 0;
  }

  std::string text() {
    const std::size_t size = count();
    std::string text(bytes_.substr(at_, size));
    at_ += size;
    return text;
  }

  std::vector<std::uint32_t> rising() {
    std::vector<std::uint32_t> list(count());
    std::uint32_t before = 0;
    for (std::uint32_t& entry : list) {
      entry = before + static_cast<std::uint32_t>(number());
      before = entry;
    }
    return list;
  }

  std::uint32_t one_of(const std::vector<std::uint32_t>& list) {
    const std::uint64_t index = number();
    if (index < list.size()) return list[index];
    good_ = false;
    return 0;
  }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
  bool good_ = true;
};

std::vector<Term> distinct_terms(const Features& features) {
  std::vector<Term> distinct(features.words().begin(), features.words().end());
  for (const DocumentTerm& term : features.terms()) distinct.push_back(term.term);
  for (const DocumentTerm& term : features.entities()) distinct.push_back(term.term);
  std::sort(distinct.begin(), distinct.end());
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  return distinct;
}

std::uint64_t index_in(const std::vector<Term>& distinct, Term term) {
  return static_cast<std::uint64_t>(std::lower_bound(distinct.begin(), distinct.end(), term) -
                                    distinct.begin());
}

void put_terms(std::string& bytes, const std::vector<Term>& distinct,
               std::span<const DocumentTerm> terms) {
  put(bytes, terms.size());
  for (const DocumentTerm& term : terms) {
    put(bytes, index_in(distinct, term.term));
    put(bytes, term.scaled);
    put(bytes, term.flags);
  }
}

std::vector<DocumentTerm> read_terms(Bytes& bytes, const std::vector<Term>& distinct) {
  std::vector<DocumentTerm> terms(bytes.count());
  for (DocumentTerm& term : terms) {
    term.term = bytes.one_of(distinct);
    term.scaled = static_cast<std::uint16_t>(bytes.number());
    term.flags = static_cast<std::uint8_t>(bytes.number());
  }
  return terms;
}

}  // namespace

std::string pack(const Features& features) {
  std::string bytes(1, format);
  put(bytes, features.language().view().size());
  bytes += features.language().view();
  const std::vector<Term> distinct = distinct_terms(features);
  put_rising(bytes, distinct);
  put_terms(bytes, distinct, features.terms());
  put(bytes, features.words().size());
  for (const Term word : features.words()) put(bytes, index_in(distinct, word));
  put_rising(bytes, features.sentence_ends());
  put_terms(bytes, distinct, features.entities());
  put_rising(bytes, features.pair_sample());
  return bytes;
}

std::optional<Features> unpack_features(std::string_view packed) {
  if (packed.empty() || packed[0] != format) return std::nullopt;
  Bytes bytes(packed.substr(1));
  FeatureLists lists;
  lists.language = LanguageTag(bytes.text());
  const std::vector<Term> distinct = bytes.rising();
  lists.terms = read_terms(bytes, distinct);
  lists.words.resize(bytes.count());
  for (Term& word : lists.words) word = bytes.one_of(distinct);
  lists.sentence_ends = bytes.rising();
  lists.entities = read_terms(bytes, distinct);
  lists.pair_sample = bytes.rising();
  const auto& ends = lists.sentence_ends;
  const bool whole = std::is_sorted(ends.begin(), ends.end()) &&
                     (ends.empty() || ends.back() <= lists.words.size());
  if (!bytes.at_end() || !whole) return std::nullopt;
  return Features(lists);
}

}  // namespace wirewatch::feeds
