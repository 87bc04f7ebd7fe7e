#include "feeds/stories/story_profile.h"

#include <algorithm>
#include <cmath>

#include "feeds/stories/sort_hashes.h"

namespace wirewatch::feeds {
namespace {

constexpr double scale = 65535;

double share(double part, double whole, double otherwise) {
  return whole > 0 ? part / whole : otherwise;
}

// The mean cosine among the documents of a story, with some of what is usual mixed in while they
// are few.
double inner_mean(const StoryProfile& story) {
  constexpr double usual = 0.35;
  constexpr double usual_pairs = 2;
  const double n = story.documents();
  return std::max(0.05, (story.square() - n + usual * usual_pairs) / (n * (n - 1) + usual_pairs));
}

double weight_of(std::uint64_t sum) {
  return static_cast<double>(sum) / scale;
}

// What a story knows of a word.
struct InStory {
  std::uint32_t in_titles = 0;
  std::uint64_t sum = 0;
};

// Sums over the words of a document that the story has.
struct Shares {
  double dot = 0;
  double known = 0;
  double core = 0;
  double title_known = 0;
  double names_known = 0;
  double plain_known = 0;
  double numbers_known = 0;
  double story_title = 0;

  void take(const DocumentTerm& term, const InStory& story) {
    const double weight = double{term.weight()};
    const double square = weight * weight;
    const double sum = weight_of(story.sum);
    dot += weight * sum;
    known += square;
    core += sum * sum;
    story_title += sum * sum * story.in_titles;
    if (!stands_in_opening(term)) return;
    if ((term.flags & in_title) != 0) title_known += square;
    (is_named(term) ? names_known : plain_known) += square;
    if ((term.flags & is_number) != 0) numbers_known += 1;
  }
};

using Terms = std::vector<ProfileTerm>;

// A document has far fewer words than a large story: leaps to each, doubling. In a small one the
// next is a few places on: only the last of these steps is a coin toss.
template <typename At>
At leap(At from, At end, Term term) {
  std::ptrdiff_t step = 8;
  for (std::ptrdiff_t i = 0; i < step && from < end && from->term < term; ++i) ++from;
  At before = from;
  while (from < end && from->term < term) {
    before = from;
    from += std::min(step, end - from);
    step *= 2;
  }
  return std::lower_bound(before, from, term, [](const ProfileTerm& known, Term wanted) {
    return known.term < wanted;
  });
}

ProfileTerm sum_of(const DocumentTerm& term) {
  return {term.term, (term.flags & in_title) != 0 ? 1u : 0u, term.scaled, 1};
}

InStory in_story(const ProfileTerm& term) {
  return {term.in_titles, std::uint64_t{term.sum}};
}

// Calls take(place in Features::terms, InStory) for the document's words that the story has, in the
// order of both.
template <typename Take>
void each_known(const OwnTerms& document, const StoryProfile& story, Take take) {
  // Up to here, looking every word of the story up takes less than leaping.
  constexpr std::size_t large = 2048;
  for (const DocumentTerm& term : story.only()) {
    const std::uint16_t place = document.place_of(term.term);
    if (place != OwnTerms::none) take(place, in_story(sum_of(term)));
  }
  const Terms& sums = story.sums();
  if (sums.size() < large) {
    for (const ProfileTerm& term : sums) {
      const std::uint16_t place = document.place_of(term.term);
      if (place != OwnTerms::none) take(place, in_story(term));
    }
    return;
  }
  const std::span<const DocumentTerm> own = document.features().terms();
  auto right = sums.begin();
  for (std::size_t i = 0; i < own.size(); ++i) {
    right = leap(right, sums.end(), own[i].term);
    if (right != sums.end() && right->term == own[i].term) take(i, in_story(*right));
  }
}

}  // namespace

double ProfileTerm::weight() const {
  return weight_of(std::uint64_t{sum});
}

double StoryProfile::square() const {
  return static_cast<double>(square_) / (scale * scale);
}

double StoryProfile::in_titles() const {
  return static_cast<double>(in_titles_) / (scale * scale);
}

void StoryProfile::count(const ProfileTerm& term, int sign) {
  const Wide square = Wide{term.sum} * Wide{term.sum};
  square_ += sign > 0 ? square : -square;
  in_titles_ += (sign > 0 ? square : -square) * term.in_titles;
}

void StoryProfile::add(const Features& features) {
  if (documents_ == 0) {
    rest_on(features);
    return;
  }
  begin_sums();
  change(features, 1);
}

void StoryProfile::remove(const Features& features) {
  if (documents_ == 1) {
    *this = {};
    return;
  }
  change(features, -1);
}

void StoryProfile::rest_on(const Features& features) {
  *this = {};
  documents_ = 1;
  only_ = features.terms();
  for (const DocumentTerm& term : only_) count(sum_of(term), 1);
}

std::vector<ProfileTerm> StoryProfile::terms() const {
  if (only_.empty()) return terms_;
  std::vector<ProfileTerm> terms;
  terms.reserve(only_.size());
  for (const DocumentTerm& term : only_) terms.push_back(sum_of(term));
  return terms;
}

void StoryProfile::begin_sums() {
  if (only_.empty()) return;
  terms_ = terms();
  only_ = {};
}

void StoryProfile::change(const Features& features, int sign) {
  std::vector<ProfileTerm> added;
  added.reserve(features.terms().size());
  bool gone = false;
  auto at = terms_.begin();
  for (const DocumentTerm& term : features.terms()) {
    const auto step = static_cast<std::uint64_t>(sign);  // −1 wraps round, as sums do
    const std::uint32_t title = (term.flags & in_title) != 0 ? static_cast<std::uint32_t>(sign) : 0;
    at = leap(at, terms_.end(), term.term);
    const bool is_new = at == terms_.end() || at->term != term.term;
    ProfileTerm changed = is_new ? ProfileTerm{term.term, 0, 0, 0} : *at;
    if (!is_new) count(changed, -1);
    changed.sum = (changed.sum + step * term.scaled) & 0xFFFFFFFFFFu;
    changed.documents = (changed.documents + step) & 0xFFFFFFu;
    changed.in_titles += title;
    count(changed, 1);
    if (is_new) {
      added.push_back(changed);
    } else {
      *at = changed;
      gone = gone || changed.documents == 0;
    }
  }
  if (gone) {
    std::erase_if(terms_, [](const ProfileTerm& term) { return term.documents == 0; });
    // A story that lives on while its documents come and go must not keep the room of its best day.
    if (terms_.size() + terms_.size() / 4 < terms_.capacity()) terms_.shrink_to_fit();
  }
  put_in(added);
  documents_ += static_cast<std::uint32_t>(sign);
}

// Merges from behind, so that a story of ten thousand reports is not copied for each.
void StoryProfile::put_in(const Terms& added) {
  if (added.empty()) return;
  auto from = static_cast<std::ptrdiff_t>(terms_.size());
  auto more = static_cast<std::ptrdiff_t>(added.size());
  const std::size_t count = terms_.size() + added.size();
  // An eighth more than is needed, where the vector by itself would take twice as much.
  if (count > terms_.capacity()) terms_.reserve(count + count / 8);
  terms_.resize(count);
  for (auto to = from + more; more > 0;) {
    const bool old = from > 0 && terms_[static_cast<std::size_t>(from - 1)].term >
                                     added[static_cast<std::size_t>(more - 1)].term;
    terms_[static_cast<std::size_t>(--to)] =
        old ? terms_[static_cast<std::size_t>(--from)] : added[static_cast<std::size_t>(--more)];
  }
}

void StoryProfile::add(const StoryProfile& other) {
  begin_sums();
  std::vector<ProfileTerm> added;
  auto at = terms_.begin();
  for (const ProfileTerm& term : other.terms()) {
    at = leap(at, terms_.end(), term.term);
    if (at == terms_.end() || at->term != term.term) {
      count(term, 1);
      added.push_back(term);
      continue;
    }
    count(*at, -1);
    at->sum = (at->sum + term.sum) & 0xFFFFFFFFFFu;
    at->documents = (at->documents + term.documents) & 0xFFFFFFu;
    at->in_titles += term.in_titles;
    count(*at, 1);
  }
  put_in(added);
  documents_ += other.documents_;
}

ProfileSums::Slot& ProfileSums::seek(Term term) {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = term & mask;
  while (slots_[at].round == round_ && sums_[slots_[at].place].term != term) at = (at + 1) & mask;
  return slots_[at];
}

void ProfileSums::widen() {
  slots_.assign(slots_.empty() ? 1024 : slots_.size() * 2, {});
  for (std::uint32_t i = 0; i < sums_.size(); ++i) seek(sums_[i].term) = {round_, i};
}

ProfileTerm& ProfileSums::at(Term term) {
  if (sums_.size() * 2 >= slots_.size()) widen();
  Slot& slot = seek(term);
  if (slot.round != round_) {
    slot = {round_, static_cast<std::uint32_t>(sums_.size())};
    sums_.push_back({term, 0, 0, 0});
  }
  return sums_[slot.place];
}

StoryProfile ProfileSums::of(std::span<const Features* const> documents) {
  StoryProfile profile;
  if (documents.size() == 1) {
    profile.rest_on(*documents.front());
    return profile;
  }
  sums_.clear();
  ++round_;
  for (const Features* const document : documents) {
    for (const DocumentTerm& term : document->terms()) {
      const ProfileTerm one = sum_of(term);
      ProfileTerm& sum = at(term.term);
      sum.sum = (sum.sum + one.sum) & 0xFFFFFFFFFFu;
      sum.documents = (sum.documents + 1) & 0xFFFFFFu;
      sum.in_titles += one.in_titles;
    }
  }
  sort_hashes(sums_, [](const ProfileTerm& sum) { return sum.term; });
  for (const ProfileTerm& sum : sums_) profile.count(sum, 1);
  profile.terms_.assign(sums_.begin(), sums_.end());
  profile.documents_ = static_cast<std::uint32_t>(documents.size());
  return profile;
}

Overlap overlap(const OwnTerms& document, const StoryProfile& story) {
  Shares shares;
  const std::span<const DocumentTerm> terms = document.features().terms();
  std::vector<std::uint8_t> is_known(terms.size());
  each_known(document, story, [&](std::size_t place, const InStory& in_story) {
    shares.take(terms[place], in_story);
    is_known[place] = 1;
  });
  const Opening& opening = document.opening();
  double new_name = 0;
  for (const std::uint16_t place : opening.name_places)
    if (is_known[place] == 0) new_name = std::max(new_name, double{terms[place].weight()});
  const double square = story.square();
  Overlap overlap;
  overlap.centroid = square > 0 ? shares.dot / std::sqrt(square) : 0;
  overlap.mean = shares.dot / std::max(1.0, double{story.documents()});
  overlap.fit = std::min(1.5, overlap.mean / inner_mean(story));
  overlap.new_name = share(new_name, opening.strongest_name, 0);
  overlap.plain_known = share(shares.plain_known, opening.plain, shares.known);
  overlap.known = shares.known;
  overlap.core = share(shares.core, square, 0);
  overlap.title_known = share(shares.title_known, opening.title, shares.known);
  overlap.names_known = share(shares.names_known, opening.names, shares.known);
  overlap.numbers_known = (2 * shares.numbers_known - opening.numbers) / (opening.numbers + 1);
  overlap.story_title = share(shares.story_title, story.in_titles(), overlap.core);
  return overlap;
}

double merge_fit(const StoryProfile& a, const StoryProfile& b) {
  const std::vector<ProfileTerm> others = b.terms();
  double dot = 0;
  auto right = others.begin();
  for (const ProfileTerm& left : a.terms()) {
    while (right != others.end() && right->term < left.term) ++right;
    if (right == others.end()) break;
    if (right->term == left.term) dot += left.weight() * right->weight();
  }
  const double pairs = double{a.documents()} * double{b.documents()};
  return dot / pairs / std::min(inner_mean(a), inner_mean(b));
}

}  // namespace wirewatch::feeds
