// Reports of two events of a kind that begin as one story.
#pragma once

#include <string>

#include "feeds/stories/parameters.h"
#include "tests/feeds/stories/documents.h"

namespace wirewatch::feeds {

// Everything joins that has a fifth in common; nothing is a copy.
inline Parameters easily_joined() {
  Parameters parameters;
  parameters.copy_containment = parameters.copy_jaccard = 2;
  parameters.rewrite_cosine = 2;
  parameters.curves = {};
  parameters.start_score = -0.2;
  parameters.curves[static_cast<std::size_t>(Evidence::nearest)] = {
      {0, 0.25, 0.5, 0.75, 1}, {0, 0.25, 0.5, 0.75, 1}, {}};
  // Less across than half of what is within the parts, by the words that tell parts apart.
  parameters.split_score = 0.5;
  parameters.split_score_brief = 0;
  parameters.split_adds = {0, 0, 0, -1, 0};
  parameters.split_brief = {};
  parameters.split_every = 100;  // at every size
  return parameters;
}

// A report of one of two events: the letter of its id names the event. `more` is said besides.
inline DocumentInput report_of(const std::string& id, const std::string& more = {}) {
  const std::string event(id, 0, 1);
  DocumentInput input;
  input.id = id;
  input.source = id + " Post";
  input.url = "https://news.example/" + id;
  input.title = words_about("kind", 6);
  input.text = words_about("event" + event, 30) + words_about("report" + id, 10) + more;
  return input;
}

}  // namespace wirewatch::feeds
