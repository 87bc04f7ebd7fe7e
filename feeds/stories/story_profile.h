// What the documents of a story say together, and what a new document has in common with it.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "feeds/stories/features.h"
#include "feeds/stories/parameters.h"

namespace wirewatch::feeds {

struct ProfileTerm {
  Term term = 0;
  float sum = 0;               // of the documents' weights
  std::uint16_t documents = 0;  // in how many it stands
  std::uint16_t in_titles = 0;  // of how many documents
  std::uint16_t in_leads = 0;   // or titles
  std::uint16_t as_name = 0;    // or number
};

// The sum of its documents' vectors, the strongest words only.
struct StoryProfile {
  std::vector<ProfileTerm> terms;  // by term
  std::uint32_t documents = 0;
  double square = 0;  // squared length of the sum

  void add(const Features& features, std::size_t most);
  void add(const StoryProfile& other, std::size_t most);
};

// What words alone tell about a document and a story; all are shares, 0 … 1, unless said otherwise.
struct Overlap {
  double centroid = 0;       // cosine with the sum of the story's documents
  double mean = 0;           // mean of the cosines with the story's documents
  double known = 0;          // of the document's squared weight, in words that the story has
  double core = 0;           // of the story's squared weight, in words that the document has
  double title_known = 0;    // the same as `known`, of the words in the document's title
  double names_known = 0;    // of the names in its title and lead
  double numbers_known = 0;  // known minus unknown numbers, -1 … 1
  double fit = 0;            // `mean` against that among the story's documents; 1 is as near
  double missing = 0;        // weight of the strongest word of the story that the document lacks
  double alien = 0;          // weight of its strongest title or lead word that the story lacks
  double core_names = 0;     // the same as `core`, of names and numbers
  double lead = 0;           // cosine of titles and leads alone
  double story_title = 0;    // the same as `core`, of the words in the story's titles
};

// The mean cosine between documents of two stories, as a share of what it is among the documents
// of the less coherent of them.
double merge_fit(const StoryProfile& a, const StoryProfile& b);

Overlap overlap(const Features& document, const StoryProfile& story);
// With a story of a single document.
Overlap overlap(const Features& document, const Features& only);

}  // namespace wirewatch::feeds
