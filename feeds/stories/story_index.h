// Which story does a document belong to, decided as it comes from the documents before it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "feeds/document.h"

namespace wirewatch::feeds {

struct Parameters;

enum class Relation : std::uint8_t { fresh, copy, same_story };
std::string_view to_string(Relation relation);  // "new", "copy", "same-story"

// Two stories turned out to be one. The older one lives on.
struct StoryMerge {
  std::string story;  // that is no more
  std::string into;
};

// A story turned out to be two: some of its documents begin one of their own, which the document by
// which this was seen gives its id.
struct StorySplit {
  struct Left {
    std::string id;
    std::string copy_group;
    Instant time{};
  };
  std::string story;
  std::string from;             // its first document is not among those that left
  std::vector<Left> documents;  // by arrival; the last is the one by which it was seen
};

struct Placement {
  // Id of the story's first document; of one that left another story, of the document by which
  // that was seen.
  std::string story;
  std::string copy_group;  // id of the first of the document's copies (its own when it has none)
  Relation relation = Relation::fresh;
  std::string of;                  // the document it is nearest to; empty when new
  double similarity = 0;           // 0 … 1 with that document
  std::vector<std::string> why;    // strongest shared features, readable, at most 8
  std::vector<StoryMerge> merges;  // that this document brought about, in this order
  // After the merges. `story` is the new one already.
  std::optional<StorySplit> split;
};

struct StoryLimits {
  // Documents further apart than this are never compared. Those older than the newest by more are
  // dropped once Parameters::kept_beyond_window others came after them (items come out of order).
  Span window = std::chrono::hours(24 * 7);
  std::size_t documents = 200000;  // the oldest beyond this many are dropped
  // The oldest go as well while what is held is more than this many bytes, by our own reckoning.
  std::size_t bytes = 1'000'000'000;

  bool operator==(const StoryLimits&) const = default;
};

// A story that a document was compared with.
struct StoryNear {
  std::string story;
  std::string document;          // the nearest of its documents
  double score = 0;              // the document belongs to it from 0 on
  std::vector<double> evidence;  // by Evidence (parameters.h)
};

// Single-threaded. Equal sequences of calls give equal answers on any machine.
class StoryIndex {
 public:
  explicit StoryIndex(StoryLimits limits = {});
  StoryIndex(StoryLimits limits, const Parameters& parameters);
  ~StoryIndex();
  StoryIndex(StoryIndex&&) noexcept;
  StoryIndex& operator=(StoryIndex&&) noexcept;

  // Decides and remembers. A document whose id is known (an edited item) keeps its story, and its
  // copy group unless its text became another. Time used: Document::time;
  // Instant{} is unknown and near to every other. An edit begins no story by a split, whether its
  // item is still remembered or not.
  Placement place(const Document& document, std::span<const Mention> mentions,
                  bool is_edit = false);

  // Remembers a decision taken earlier (from the store, oldest first) without deciding again.
  void remember(const Document& document, std::span<const Mention> mentions,
                const Placement& placement);
  // The same from the bytes that packed() gave for the document: cheap, and exactly what was known
  // before, as words keep the weights that they had. False when they cannot be read.
  bool remember(const std::string& id, Instant time, std::string_view packed,
                const Placement& placement);
  // As long as an index is only told to remember, it gathers, to enter the words and the pairs of
  // all documents at once: these do it, and two threads may call them at the same time. Nobody has
  // to; what is called next does what was not done.
  void enter_words();
  void enter_pairs();
  // The story that a document is in by now; empty when it is not remembered.
  std::string story_of(const std::string& id) const;
  // What is remembered of a document, for the store; empty when it is not remembered.
  std::string packed(const std::string& id) const;

  // The stories that a document would be compared with, and how near each is; decides nothing.
  std::vector<StoryNear> stories_near(const Document& document, std::span<const Mention> mentions);

  std::size_t size() const;   // documents remembered
  std::size_t bytes() const;  // that they take, reckoned from what each of them holds

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wirewatch::feeds
