// Does a document repeat what was published long ago? A CMS that moved, or a feed that pours its
// archive out, must not be a flood of alerts.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "feeds/identity/identity.h"
#include "feeds/identity/publisher.h"

namespace wirewatch::feeds {

struct RepublicationLimits {
  static constexpr std::size_t items = 10;  // fewer new ones at once are never a republication
  static constexpr double times_usual = 3;  // and they are more than this many times the usual
  static constexpr Span old = std::chrono::hours(24);  // dated this long before the newest shown
  static constexpr double alike = 0.5;           // to a known text: the same under another name
  static constexpr std::uint32_t documents = 5;  // before that the feed's usual is not known …
  static constexpr std::size_t undated_flood = 100;  // … and this many without dates count
  static constexpr std::size_t recent_texts = 5000;  // known texts that are compared
};

// Brings this document so many new items, by what is known of the feed, that each of them should
// be looked at? Never a baseline, never the first items of a feed that began empty.
bool brings_too_many(const Publisher& publisher, std::size_t fresh, Instant now);

// For each of `identified`, why it looks republished; empty where it does not. Only new items are
// judged, and only when brings_too_many(). `recent`: sketches of the feed's remembered items.
//   - "its text is nearly one already known": alike to one of `recent`
//   - "older than what the feed had shown before": dated more than a day before the newest item
//   that
//     earlier documents showed
//   - "undated": it has no date that can be believed (none, one that cannot be true, one that it
//     shares with most of the others), and there are far more than the feed ever brought
// A new item with a date of its own after that passes.
std::vector<std::string> republished(const Publisher& publisher, const std::vector<Item>& items,
                                     const std::vector<Identified>& identified,
                                     const std::vector<TextSketch>& recent, Instant now);

// How many of `identified` are known texts under another guid and link: a feed that moved shows
// all it has that way.
std::size_t renamed(const std::vector<Identified>& identified);

}  // namespace wirewatch::feeds
