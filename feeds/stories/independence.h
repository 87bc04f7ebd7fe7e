// Are five reports five sources, or one text printed five times?
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "feeds/document.h"

namespace wirewatch::feeds {

// One report of a story, in the order of arrival.
struct StoryReport {
  const Document* document = nullptr;
  std::string_view copy_group;
};

struct ReportPart {
  std::vector<std::string> added;    // words that no earlier report of the story had, at most 6
  std::vector<std::string> origins;  // whom its text names as its origin (attribution.h)
  std::string country;               // of its source; empty when it cannot be told
};

struct Independence {
  std::size_t texts = 0;               // independent ones: copies of one text count once
  std::vector<std::string> sources;    // each once, by arrival
  std::vector<std::string> countries;  // two-letter codes, each once, by arrival
  std::size_t first = 0;               // index of the report with the earliest time
  std::vector<std::string> origins;    // each once, by arrival
  std::vector<ReportPart> reports;     // as given
};

Independence independence(std::span<const StoryReport> reports);

}  // namespace wirewatch::feeds
