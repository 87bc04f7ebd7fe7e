// All names of all entities as sequences of words, walked from every token of a document.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "feeds/document.h"

namespace wirewatch::rules {

// A longer name is refused: no text holds it in one breath.
inline constexpr std::size_t max_name_words = 16;

// What a listed name is for.
enum class NameRole : std::uint8_t { full, shortened, near, context_not };

struct NameEntry {
  std::uint32_t entity = 0;
  NameRole role = NameRole::full;
  bool person = false;
  bool single = false;      // other spellings count although the name is one word
  bool one_script = false;  // all names are in one script, so others are looked for in the rest
  std::vector<std::string> exact;  // for "=INA": the words as written; empty: any spelling
};

struct NameHit {
  std::uint32_t first = 0;  // token indices, both included
  std::uint32_t last = 0;
  const NameEntry* entry = nullptr;
  float likeness = 1;  // below 1: a spelling that is not listed
};

class NameTable {
 public:
  // False when the name holds no word or more than `max_name_words`.
  bool add(const std::string& name, NameEntry entry);

  // Every listed name that stands in the document, inner and overlapping ones too, by first token.
  // Names do not run across sentences.
  std::vector<NameHit> find(const feeds::Document& document) const;

 private:
  struct Walk;
  std::uint32_t step(std::uint32_t state, std::uint64_t word) const;
  std::uint32_t grow(std::uint32_t state, std::uint64_t word);
  void follow(const Walk& walk, std::uint32_t state, std::uint32_t token,
              std::vector<NameHit>& out) const;

  boost::unordered_flat_map<std::uint64_t, std::uint32_t> steps_;
  std::vector<std::vector<NameEntry>> entries_ =
      std::vector<std::vector<NameEntry>>(1);  // by state; 0 is the beginning
};

}  // namespace wirewatch::rules
