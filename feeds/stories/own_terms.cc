#include "feeds/stories/own_terms.h"

#include <algorithm>
#include <bit>

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

double OwnTerms::cosine_with(const Features& other) const {
  std::uint64_t sum = 0;
  for (const DocumentTerm& term : other.terms()) {
    const std::uint16_t place = place_of(term.term);
    if (place == none) continue;
    sum += std::uint32_t{term.scaled} * std::uint32_t{features_.terms()[place].scaled};
  }
  return static_cast<double>(sum) / (65535.0 * 65535.0);
}

Agreement OwnTerms::agreement_with(const Features& other) const {
  std::uint64_t sum = 0;
  double squares = 0;
  Agreement agreement;
  for (const DocumentTerm& term : other.terms()) {
    const std::uint16_t place = place_of(term.term);
    if (place == none) continue;
    const std::uint32_t product =
        std::uint32_t{term.scaled} * std::uint32_t{features_.terms()[place].scaled};
    sum += product;
    const auto exact = static_cast<double>(product);
    squares += exact * exact;
    agreement.shared += 1;
  }
  const double whole = static_cast<double>(sum);
  agreement.cosine = whole / (65535.0 * 65535.0);
  if (squares > 0) agreement.agreeing = whole * whole / squares;
  return agreement;
}

}  // namespace wirewatch::feeds
