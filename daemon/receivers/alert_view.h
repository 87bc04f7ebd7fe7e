// One revision of an alert as a message needs it; stored with its deliveries as JSON.
#pragma once

#include <string>
#include <vector>

#include "feeds/result.h"
#include "feeds/time.h"

namespace wirewatch::daemon {

struct AlertSource {
  std::string name;   // outlet
  std::string title;  // headline there
  std::string url;    // may be empty
  Instant time{};
  std::string item{};  // its id; empty in what was stored before it was kept
};

struct PassageMark {  // byte range in AlertView::passage
  std::uint32_t start = 0;
  std::uint32_t end = 0;
};

// One alert of a digest.
struct DigestEntry {
  std::string severity;
  std::string rule;
  std::string headline;
  std::string url;        // may be empty
  std::string story_url;  // on our page; may be empty
  Instant time{};
  std::string note{};  // that it was corrected, or joined another; empty: neither
};

struct AlertView {
  static constexpr std::size_t most_sources = 50;
  std::string alert;  // alert id
  std::string story;
  std::string rule;
  std::string kind;      // "new", "updated", "corrected", "merged", "test", "digest", "notice"
  std::string severity;  // "low", "normal", "high", "critical"
  std::uint32_t revision = 1;
  std::string headline;  // first report's title, or the first words of its text
  std::string url;       // first report's link; may be empty or not http(s)
  std::string language;
  std::string passage;  // about two lines around the matches, plain text
  std::vector<PassageMark> marks;
  std::vector<std::string> entities;  // ids or display names
  // At most most_sources, in order of arrival, those of a story that was merged into this one last;
  // [0] is the first report.
  std::vector<AlertSource> sources;
  std::string reason;                // the decision's named reason
  std::string story_url;             // on our page; empty without public_url
  Instant time{};                    // of the decision
  std::vector<DigestEntry> entries;  // of a digest: the foremost, at most limits::digest_entries
  std::size_t entries_count = 0;     // of a digest: all of them

  // Whether it tells more of what the receiver was told. One that was kept back from it before, or
  // that is new to the story, is told a later revision as "new".
  bool follows_another() const { return revision > 1 && kind != "new"; }
};

std::string to_json(const AlertView& view);
Result<AlertView> alert_view_from_json(const std::string& json);

}  // namespace wirewatch::daemon
