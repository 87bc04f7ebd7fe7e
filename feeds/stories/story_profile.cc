#include "feeds/stories/story_profile.h"

#include <algorithm>
#include <cmath>

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

struct Shares {
  double dot = 0;
  double known = 0;
  double core = 0;
  double title = 0;
  double title_known = 0;
  double names = 0;
  double names_known = 0;
  double plain = 0;
  double plain_known = 0;
  double numbers = 0;
  double numbers_known = 0;
  double story_title = 0;
  double new_name = 0;
  double strongest_name = 0;

  void take(const DocumentTerm& term, const ProfileTerm* in_story) {
    const double weight = double{term.weight()};
    const double square = weight * weight;
    if (in_story != nullptr) {
      const double sum = in_story->sum / scale;
      dot += weight * sum;
      known += square;
      core += sum * sum;
      story_title += sum * sum * in_story->in_titles;
    }
    if ((term.flags & in_title) != 0) {
      title += square;
      if (in_story != nullptr) title_known += square;
    }
    if ((term.flags & (in_title | in_lead)) == 0) return;
    if ((term.flags & (is_name | is_entity)) != 0) {
      names += square;
      if (in_story != nullptr) names_known += square;
      if (in_story == nullptr) new_name = std::max(new_name, weight);
      strongest_name = std::max(strongest_name, weight);
    } else {
      plain += square;
      if (in_story != nullptr) plain_known += square;
    }
    if ((term.flags & is_number) != 0) {
      numbers += 1;
      if (in_story != nullptr) numbers_known += 1;
    }
  }
};

// A document has far fewer words than a large story: leaps to each, doubling.
std::vector<ProfileTerm>::const_iterator leap(std::vector<ProfileTerm>::const_iterator from,
                                              std::vector<ProfileTerm>::const_iterator end,
                                              Term term) {
  std::ptrdiff_t step = 1;
  auto before = from;
  while (from < end && from->term < term) {
    before = from;
    from += std::min(step, end - from);
    step *= 2;
  }
  return std::lower_bound(before, from, term, [](const ProfileTerm& known, Term wanted) {
    return known.term < wanted;
  });
}

}  // namespace

void StoryProfile::change(const Features& features, int sign) {
  std::vector<ProfileTerm> sum;
  sum.reserve(terms_.size() + features.terms.size());
  auto left = terms_.begin();
  for (const DocumentTerm& term : features.terms) {
    while (left != terms_.end() && left->term < term.term) sum.push_back(*left++);
    ProfileTerm changed{term.term, 0, 0, 0};
    if (left != terms_.end() && left->term == term.term) changed = *left++;
    const int title = (term.flags & in_title) != 0 ? sign : 0;
    changed.sum += static_cast<std::uint32_t>(sign * int{term.scaled});
    changed.documents = static_cast<std::uint16_t>(changed.documents + sign);
    changed.in_titles = static_cast<std::uint16_t>(changed.in_titles + title);
    if (changed.documents > 0) sum.push_back(changed);
  }
  sum.insert(sum.end(), left, terms_.end());
  terms_ = std::move(sum);
  documents_ += static_cast<std::uint32_t>(sign);
  sum_up();
}

void StoryProfile::add(const StoryProfile& other) {
  std::vector<ProfileTerm> sum;
  sum.reserve(terms_.size() + other.terms_.size());
  auto left = terms_.begin();
  for (ProfileTerm added : other.terms_) {
    while (left != terms_.end() && left->term < added.term) sum.push_back(*left++);
    if (left != terms_.end() && left->term == added.term) {
      added.sum += left->sum;
      added.documents = static_cast<std::uint16_t>(added.documents + left->documents);
      added.in_titles = static_cast<std::uint16_t>(added.in_titles + left->in_titles);
      ++left;
    }
    sum.push_back(added);
  }
  sum.insert(sum.end(), left, terms_.end());
  terms_ = std::move(sum);
  documents_ += other.documents_;
  sum_up();
}

void StoryProfile::sum_up() {
  square_ = in_titles_ = 0;
  for (const ProfileTerm& term : terms_) {
    const double sum = term.sum / scale;
    square_ += sum * sum;
    in_titles_ += sum * sum * term.in_titles;
  }
}

Overlap overlap(const Features& document, const StoryProfile& story) {
  Shares shares;
  auto right = story.terms().begin();
  const auto end = story.terms().end();
  for (const DocumentTerm& term : document.terms) {
    right = leap(right, end, term.term);
    shares.take(term, right != end && right->term == term.term ? &*right : nullptr);
  }
  const double square = story.square();
  Overlap overlap;
  overlap.centroid = square > 0 ? shares.dot / std::sqrt(square) : 0;
  overlap.mean = shares.dot / std::max(1.0, double{story.documents()});
  overlap.fit = std::min(1.5, overlap.mean / inner_mean(story));
  overlap.new_name = share(shares.new_name, shares.strongest_name, 0);
  overlap.plain_known = share(shares.plain_known, shares.plain, shares.known);
  overlap.known = shares.known;
  overlap.core = share(shares.core, square, 0);
  overlap.title_known = share(shares.title_known, shares.title, shares.known);
  overlap.names_known = share(shares.names_known, shares.names, shares.known);
  overlap.numbers_known = (2 * shares.numbers_known - shares.numbers) / (shares.numbers + 1);
  overlap.story_title = share(shares.story_title, story.in_titles(), overlap.core);
  return overlap;
}

double merge_fit(const StoryProfile& a, const StoryProfile& b) {
  double dot = 0;
  auto right = b.terms().begin();
  for (const ProfileTerm& left : a.terms()) {
    while (right != b.terms().end() && right->term < left.term) ++right;
    if (right == b.terms().end()) break;
    if (right->term == left.term) dot += left.sum / scale * (right->sum / scale);
  }
  const double pairs = double{a.documents()} * double{b.documents()};
  return dot / pairs / std::min(inner_mean(a), inner_mean(b));
}

}  // namespace wirewatch::feeds
