#include "feeds/stories/story_profile.h"

#include <algorithm>
#include <cmath>

namespace wirewatch::feeds {
namespace {

void keep_strongest(std::vector<ProfileTerm>& terms, std::size_t most) {
  if (terms.size() <= most) return;
  const auto stronger = [](const ProfileTerm& a, const ProfileTerm& b) {
    return a.sum != b.sum ? a.sum > b.sum : a.term < b.term;
  };
  const auto cut = terms.begin() + static_cast<std::ptrdiff_t>(most);
  std::nth_element(terms.begin(), cut, terms.end(), stronger);
  terms.erase(cut, terms.end());
  std::sort(terms.begin(), terms.end(),
            [](const ProfileTerm& a, const ProfileTerm& b) { return a.term < b.term; });
}

ProfileTerm profile_term(const DocumentTerm& term) {
  const auto flag = [&term](int flags) -> std::uint16_t { return (term.flags & flags) != 0; };
  return {term.term,      term.weight(),           1,
          flag(in_title), flag(in_title | in_lead), flag(is_name | is_number | is_entity)};
}

void include(ProfileTerm& term, const ProfileTerm& other) {
  const auto sum = [](std::uint16_t a, std::uint16_t b) {
    return static_cast<std::uint16_t>(std::min(a + b, 65535));
  };
  term.sum += other.sum;
  term.documents = sum(term.documents, other.documents);
  term.in_titles = sum(term.in_titles, other.in_titles);
  term.in_leads = sum(term.in_leads, other.in_leads);
  term.as_name = sum(term.as_name, other.as_name);
}

double squared_length(const std::vector<ProfileTerm>& terms) {
  double square = 0;
  for (const ProfileTerm& term : terms) square += double{term.sum} * double{term.sum};
  return square;
}

double share(double part, double whole, double otherwise) {
  return whole > 0 ? part / whole : otherwise;
}

struct Shares {
  double dot = 0;
  double known = 0;
  double core = 0;
  double title = 0;
  double title_known = 0;
  double names = 0;
  double names_known = 0;
  double numbers = 0;
  double numbers_known = 0;
  double story_title = 0;
  double story_title_seen = 0;
  double story_names = 0;
  double story_names_seen = 0;
  double missing = 0;
  double alien = 0;
  double lead = 0;
  double lead_square = 0;
  double story_lead_square = 0;

  void own(const DocumentTerm& term, bool in_story) {
    const double weight = double{term.weight()};
    const double square = weight * weight;
    if (in_story) known += square;
    if ((term.flags & in_title) != 0) {
      title += square;
      if (in_story) title_known += square;
    }
    if ((term.flags & (in_title | in_lead)) == 0) return;
    lead_square += square;
    if (!in_story) alien = std::max(alien, weight);
    if ((term.flags & (is_name | is_entity)) != 0) {
      names += square;
      if (in_story) names_known += square;
    }
    if ((term.flags & is_number) != 0) {
      numbers += 1;
      if (in_story) numbers_known += 1;
    }
  }

  void of_story(const ProfileTerm& term, double documents, bool in_document) {
    const double weight = double{term.sum};
    const double square = weight * weight;
    const double titles = square * term.in_titles;
    const double named = square * term.as_name / term.documents;
    const double lead_weight = weight * term.in_leads / term.documents;
    story_title += titles;
    story_names += named;
    story_lead_square += lead_weight * lead_weight;
    if (in_document) {
      core += square;
      story_title_seen += titles;
      story_names_seen += named;
    } else {
      missing = std::max(missing, lead_weight * term.documents / (documents * documents));
    }
  }

  void both(const DocumentTerm& own, const ProfileTerm& term) {
    const double product = double{own.weight()} * double{term.sum};
    dot += product;
    if ((own.flags & (in_title | in_lead)) != 0) lead += product * term.in_leads / term.documents;
  }
};

const ProfileTerm& as_profile(const ProfileTerm& term) {
  return term;
}
ProfileTerm as_profile(const DocumentTerm& term) {
  return profile_term(term);
}

template <typename StoryTerm>
Shares shares_of(const std::vector<DocumentTerm>& document, const std::vector<StoryTerm>& story,
                 double documents) {
  Shares shares;
  auto right = story.begin();
  for (const DocumentTerm& left : document) {
    while (right != story.end() && right->term < left.term)
      shares.of_story(as_profile(*right++), documents, false);
    const bool both = right != story.end() && right->term == left.term;
    shares.own(left, both);
    if (!both) continue;
    const ProfileTerm term = as_profile(*right++);
    shares.both(left, term);
    shares.of_story(term, documents, true);
  }
  for (; right != story.end(); ++right) shares.of_story(as_profile(*right), documents, false);
  return shares;
}

// The mean cosine among the documents of a story, with some of what is usual mixed in while they
// are few.
double inner_mean(double square, double n) {
  constexpr double usual = 0.35;
  constexpr double usual_pairs = 2;
  const double pairs = n * (n - 1);
  return (square - n + usual * usual_pairs) / (pairs + usual_pairs);
}

Overlap overlap_of(const Shares& shares, double square, double documents) {
  Overlap overlap;
  overlap.centroid = square > 0 ? shares.dot / std::sqrt(square) : 0;
  overlap.mean = shares.dot / documents;
  overlap.fit = std::min(1.5, overlap.mean / std::max(0.05, inner_mean(square, documents)));
  overlap.missing = shares.missing;
  overlap.alien = shares.alien;
  overlap.known = shares.known;
  overlap.core = share(shares.core, square, 0);
  overlap.core_names = share(shares.story_names_seen, shares.story_names, overlap.core);
  const double leads = std::sqrt(shares.lead_square * shares.story_lead_square);
  overlap.lead = share(shares.lead, leads, overlap.centroid);
  overlap.title_known = share(shares.title_known, shares.title, shares.known);
  overlap.names_known = share(shares.names_known, shares.names, shares.known);
  overlap.numbers_known = (2 * shares.numbers_known - shares.numbers) / (shares.numbers + 1);
  overlap.story_title = share(shares.story_title_seen, shares.story_title, overlap.core);
  return overlap;
}

}  // namespace

void StoryProfile::add(const Features& features, std::size_t most) {
  std::vector<ProfileTerm> sum;
  sum.reserve(terms.size() + features.terms.size());
  auto left = terms.begin();
  for (const DocumentTerm& term : features.terms) {
    while (left != terms.end() && left->term < term.term) sum.push_back(*left++);
    ProfileTerm added = profile_term(term);
    if (left != terms.end() && left->term == term.term) include(added, *left++);
    sum.push_back(added);
  }
  sum.insert(sum.end(), left, terms.end());
  keep_strongest(sum, most);
  terms = std::move(sum);
  ++documents;
  square = squared_length(terms);
}

void StoryProfile::add(const StoryProfile& other, std::size_t most) {
  std::vector<ProfileTerm> sum;
  sum.reserve(terms.size() + other.terms.size());
  auto left = terms.begin();
  for (ProfileTerm added : other.terms) {
    while (left != terms.end() && left->term < added.term) sum.push_back(*left++);
    if (left != terms.end() && left->term == added.term) include(added, *left++);
    sum.push_back(added);
  }
  sum.insert(sum.end(), left, terms.end());
  keep_strongest(sum, most);
  terms = std::move(sum);
  documents += other.documents;
  square = squared_length(terms);
}

double merge_fit(const StoryProfile& a, const StoryProfile& b) {
  double dot = 0;
  auto right = b.terms.begin();
  for (const ProfileTerm& left : a.terms) {
    while (right != b.terms.end() && right->term < left.term) ++right;
    if (right == b.terms.end()) break;
    if (right->term == left.term) dot += double{left.sum} * double{right->sum};
  }
  const double n = a.documents;
  const double m = b.documents;
  const double inner = std::min(inner_mean(a.square, n), inner_mean(b.square, m));
  return dot / (n * m) / std::max(0.05, inner);
}

Overlap overlap(const Features& document, const StoryProfile& story) {
  return overlap_of(shares_of(document.terms, story.terms, story.documents), story.square,
                    story.documents);
}

Overlap overlap(const Features& document, const Features& only) {
  return overlap_of(shares_of(document.terms, only.terms, 1), 1, 1);
}

}  // namespace wirewatch::feeds
