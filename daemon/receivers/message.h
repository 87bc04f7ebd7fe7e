// What every chat shows of an alert: composed, cleaned and cut once, formatted by each receiver.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/receivers/receiver.h"
#include "daemon/receivers/text.h"

namespace wirewatch::daemon {

struct MessageSource {
  std::string name;
  std::string link;  // safe, or empty
  Instant time{};
};

struct MessageEntry {    // of a digest
  std::string severity;  // "High"
  std::string headline;  // in isolates already
  std::string rule;
  std::string link;  // safe, or empty
  Instant time{};
};

// Every text is one line that is safe to show once the service's own markup is escaped.
// Right-to-left parts of `update`, `entities` and `sources` stand in isolates already; the headline
// and the passage get theirs when they have their final length.
struct Message {
  std::string severity;        // "High"
  std::string headline;        // never empty
  std::string link;            // of the headline: safe, or empty
  std::string link_text;       // the feed's link where it is not safe to open, else empty
  std::string update;          // "2nd source: INA", "Test message"; empty for a new alert
  std::string update_link;     // of the report that is new; safe, or empty
  std::vector<Piece> passage;  // may be empty
  std::string rule;
  std::vector<std::string> entities;
  std::size_t more_entities = 0;  // beyond those
  std::vector<MessageSource> sources;
  std::size_t more_sources = 0;       // beyond those
  std::string story_link;             // on our page; may be empty
  std::string late;                   // "late by 3 h"; empty when it is not
  Instant time{};                     // of the decision
  std::vector<MessageEntry> entries;  // of a digest, the foremost first
  std::size_t more_entries = 0;       // beyond those
};

Message compose(const AlertView& view, const DeliveryFacts& facts);

// The passage with its marks as pieces, not yet cleaned. Marks out of range, out of order or inside
// a UTF-8 sequence are dropped.
std::vector<Piece> passage_pieces(const AlertView& view);

std::string ordinal(std::size_t number);  // "1st", "2nd", "3rd", "11th"
std::string readable_span(Span span);     // "45 s", "12 min", "3 h", "2 d"

}  // namespace wirewatch::daemon
