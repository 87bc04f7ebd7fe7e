#include "feeds/stories/own_terms.h"

#include <algorithm>
#include <bit>
#include <span>

#include "feeds/stories/features.h"

namespace wirewatch::feeds {

namespace {

Opening opening_of(const Features& features) {
  Opening opening;
  for (std::size_t i = 0; i < features.terms().size(); ++i) {
    const DocumentTerm& term = features.terms()[i];
    if (!stands_in_opening(term)) continue;
    const double weight = double{term.weight()};
    const double square = weight * weight;
    if ((term.flags & in_title) != 0) opening.title += square;
    if ((term.flags & is_number) != 0) opening.numbers += 1;
    if (!is_named(term)) {
      opening.plain += square;
      continue;
    }
    opening.names += square;
    opening.strongest_name = std::max(opening.strongest_name, weight);
    opening.name_places.push_back(static_cast<std::uint16_t>(i));
  }
  return opening;
}

}  // namespace

OwnTerms::OwnTerms(const Features& features)
    : features_(features),
      slots_(std::bit_ceil(std::max<std::size_t>(16, 2 * features.terms().size() + 1))),
      mask_(slots_.size() - 1),
      opening_(opening_of(features)) {
  for (std::size_t i = 0; i < features.terms().size(); ++i) {
    const Term term = features.terms()[i].term;
    sieve_[(term >> 6) % sieve_.size()] |= std::uint64_t{1} << (term & 63u);
    std::size_t at = term & mask_;
    while (slots_[at].place != none) at = (at + 1) & mask_;
    slots_[at] = {term, static_cast<std::uint16_t>(i)};
  }
}

// Calls take(product of the scaled weights) for each word in common. Whether a word is one is a
// coin toss: first those that may be are chosen, without a branch.
template <typename Take>
void OwnTerms::each_shared(const Features& other, Take take) const {
  constexpr std::size_t stretch = 128;
  std::array<std::uint8_t, stretch> chosen;
  for (std::span<const DocumentTerm> terms = other.terms(); !terms.empty();) {
    const std::span<const DocumentTerm> some = terms.first(std::min(stretch, terms.size()));
    terms = terms.subspan(some.size());
    std::size_t count = 0;
    for (std::size_t i = 0; i < some.size(); ++i) {
      chosen[count] = static_cast<std::uint8_t>(i);
      count += may_hold(some[i].term) ? 1 : 0;
    }
    for (std::size_t k = 0; k < count; ++k) {
      const DocumentTerm& term = some[chosen[k]];
      const std::uint16_t place = place_of(term.term);
      if (place == none) continue;
      take(std::uint32_t{term.scaled} * std::uint32_t{features_.terms()[place].scaled});
    }
  }
}

double OwnTerms::cosine_with(const Features& other) const {
  std::uint64_t sum = 0;
  each_shared(other, [&sum](std::uint32_t product) { sum += product; });
  return static_cast<double>(sum) / (65535.0 * 65535.0);
}

Agreement OwnTerms::agreement_with(const Features& other) const {
  std::uint64_t sum = 0;
  double squares = 0;
  Agreement agreement;
  each_shared(other, [&](std::uint32_t product) {
    sum += product;
    const auto exact = static_cast<double>(product);
    squares += exact * exact;
    agreement.shared += 1;
  });
  const double whole = static_cast<double>(sum);
  agreement.cosine = whole / (65535.0 * 65535.0);
  if (squares > 0) agreement.agreeing = whole * whole / squares;
  return agreement;
}

}  // namespace wirewatch::feeds
