// What the documents of a story say together, and what a new document has in common with it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "feeds/prefetch.h"
#include "feeds/stories/features.h"
#include "feeds/stories/own_terms.h"

namespace wirewatch::feeds {

struct ProfileTerm {
  Term term = 0;
  std::uint32_t in_titles = 0;       // in how many titles
  std::uint64_t sum : 40 = 0;        // of the documents' scaled weights
  std::uint64_t documents : 24 = 0;  // in how many it stands

  double weight() const;  // the sum of the documents' weights
};

// The sum of its documents' vectors. In whole numbers, so that what is added and taken away again
// leaves nothing behind: the profile depends on its documents alone, not on their order. Most
// stories are of one document: its terms are not copied but looked up there, so its features must
// last as long as it is the only one.
class StoryProfile {
 public:
  void add(const Features& features);
  void add(const Features&& gone_at_once) = delete;
  void remove(const Features& features);
  void add(const StoryProfile& other);
  // Of the only document that is left: gives back what sums took.
  void rest_on(const Features& features);

  std::vector<ProfileTerm> terms() const;  // by term
  // The only document's terms; none when there are sums.
  std::span<const DocumentTerm> only() const { return only_; }
  const std::vector<ProfileTerm>& sums() const { return terms_; }  // by term; none beside only()
  // Asks for the memory where the terms begin; the rest follows by itself once it is read.
  void prefetch() const {
    if (terms_.empty()) return;
    const char* const at = reinterpret_cast<const char*>(terms_.data());
    for (int line = 0; line < 4; ++line) feeds::prefetch(at + 64 * line);
  }
  double documents() const { return documents_; }
  double square() const;     // squared length of the sum
  double in_titles() const;  // its part in words of titles

 private:
  friend class ProfileSums;
  __extension__ using Wide = unsigned __int128;

  void change(const Features& features, int sign);
  void count(const ProfileTerm& term, int sign);
  void put_in(const std::vector<ProfileTerm>& added);
  void begin_sums();

  std::span<const DocumentTerm> only_;
  std::vector<ProfileTerm> terms_;
  std::uint32_t documents_ = 0;
  // Of squared sums of scaled weights, and these times the titles with the word.
  Wide square_ = 0;
  Wide in_titles_ = 0;
};

// Makes the profiles of many stories, each at once from all of its documents.
class ProfileSums {
 public:
  // Of at least one document; as add() of each would have made it.
  StoryProfile of(std::span<const Features* const> documents);

 private:
  struct Slot {
    std::uint64_t round = 0;  // of another round is empty
    std::uint32_t place = 0;
  };
  ProfileTerm& at(Term term);
  void widen();
  Slot& seek(Term term);

  std::vector<ProfileTerm> sums_;
  std::vector<Slot> slots_;
  std::uint64_t round_ = 0;
};

// What words alone tell about a document and a story; all are shares, 0 … 1, unless said otherwise.
struct Overlap {
  double centroid = 0;       // cosine with the sum of the story's documents
  double mean = 0;           // mean of the cosines with the story's documents
  double fit = 0;            // `mean` against that among the story's documents; at most 1.5
  double known = 0;          // of the document's squared weight, in words that the story has
  double core = 0;           // of the story's squared weight, in words that the document has
  double title_known = 0;    // the same as `known`, of the words in the document's title
  double names_known = 0;    // of the names in its title and lead
  double numbers_known = 0;  // known minus unknown numbers, -1 … 1
  // Two events of one kind share most words: the strongest name in the document's title and lead
  // that the story lacks, as a share of the strongest one there.
  double new_name = 0;
  double plain_known = 0;  // as `known`, of the words in title and lead that are no names
  double story_title = 0;  // the same as `core`, of the words in the story's titles
};

Overlap overlap(const OwnTerms& document, const StoryProfile& story);

// The mean cosine between documents of two stories, as a share of what it is among the documents
// of the less coherent of them.
double merge_fit(const StoryProfile& a, const StoryProfile& b);

}  // namespace wirewatch::feeds
