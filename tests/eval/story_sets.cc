#include "tests/eval/story_sets.h"

#include <fmt/format.h>

#include <array>
#include <cstdlib>
#include <random>
#include <utility>

#include "feeds/text/document.h"

namespace wirewatch::eval {
namespace {

const std::string teaser_line = "Read the whole report on our site.";

// A few months of a long stream, so that a search is done in time.
Set autumn(Set set) {
  const Instant first = *from_iso8601("2016-09-01");
  const Instant last = *from_iso8601("2016-12-01");
  Set part;
  part.name = set.name + "-part";
  part.topics = set.topics;
  for (std::size_t i = 0; i < set.documents.size(); ++i) {
    if (set.documents[i].time < first || set.documents[i].time >= last) continue;
    part.documents.push_back(std::move(set.documents[i]));
    part.truth.push_back(set.truth[i]);
  }
  return part;
}

// The same documents in another order.
Set turned(Set set) {
  set.name += "-turned";
  std::mt19937 random(7);
  for (std::size_t i = set.documents.size(); i > 1; --i) {
    const std::size_t j = random() % i;
    std::swap(set.documents[i - 1], set.documents[j]);
    std::swap(set.truth[i - 1], set.truth[j]);
  }
  return set;
}

// As feeds give most items: the title, and of the text only how it begins, so many words of it. For
// none, the line that one feed has for all.
Set cut(Set set, std::size_t least, std::size_t most) {
  set.name += most == 0 ? "-titles" : "-cut";
  for (std::size_t i = 0; i < set.documents.size(); ++i) {
    feeds::DocumentInput input;
    const feeds::Document& whole = set.documents[i];
    input.id = whole.id;
    input.feed = whole.feed;
    input.source = whole.source;
    input.language = whole.language;
    input.title = whole.title;
    input.time = whole.time;
    const std::size_t words = least + i * 7 % (most - least + 1);
    std::size_t end = 0;
    for (std::size_t k = 0; k < words && end != std::string::npos; ++k)
      end = whole.text.find_first_of(" \n", end + 1);
    input.text = most == 0 ? teaser_line : whole.text.substr(0, end);
    set.documents[i] = feeds::make_document(std::move(input));
  }
  return set;
}

// Reports of nothing in common but a word in their titles and, where `teaser`, a line that each has
// for its text: whoever joins two of them loses an alert. Of words that do not exist.
Set strangers(const std::string& name, bool teaser) {
  const std::array<const char*, 12> syllables = {"ba",  "ko", "ri",  "tun", "sel", "mo",
                                                 "dar", "vi", "lek", "pan", "os",  "gu"};
  std::mt19937 random(11);
  const auto words = [&](int count) {
    std::string text;
    for (int i = 0; i < count; ++i) {
      if (i > 0) text += ' ';
      for (int k = 0; k < 6; ++k) text += syllables[random() % syllables.size()];
    }
    return text;
  };
  Set set;
  set.name = name;
  for (int i = 0; i < 200; ++i) {
    feeds::DocumentInput input;
    input.id = std::to_string(i);
    input.language = "en";
    input.title = words(3);
    input.title += " border " + words(3);
    input.text = teaser ? teaser_line : words(40) + ".\n" + words(40) + ".";
    set.documents.push_back(feeds::make_document(std::move(input)));
    set.truth.push_back(i);
    set.topics.push_back(-1 - i);
  }
  return set;
}

}  // namespace

Set story_set(const std::string& name, const std::string& data) {
  if (name == "ecb")
    return read_set(name, data + "/stories/ecbplus_topics_1_35.jsonl",
                    data + "/stories/ecbplus_topics_1_35.gold.tsv");
  if (name == "ecb-turned") return turned(story_set("ecb", data));
  if (name == "ecb-cut") return cut(story_set("ecb", data), 10, 40);
  if (name == "strangers") return strangers(name, true);
  if (name == "strangers-long") return strangers(name, false);
  if (name == "allsides-titles") return cut(story_set("allsides", data), 0, 0);
  if (name == "ecb-titles") return cut(story_set("ecb", data), 0, 0);
  if (name == "allsides-cut") return cut(story_set("allsides", data), 10, 40);
  if (name == "allsides")
    return read_set(name, data + "/stories/allsides_before_2019.jsonl",
                    data + "/stories/allsides_before_2019.gold.tsv");
  if (name == "headlines")
    return read_set(name, data + "/stories/headlines_2014.jsonl",
                    data + "/stories/headlines_2014.gold.tsv");
  if (name == "syndication")
    return read_set(name, data + "/near_duplicate/syndication_dev.jsonl.gz",
                    data + "/near_duplicate/syndication_dev.gold.tsv");
  if (name == "stream-part") return autumn(story_set("stream", data));
  if (name == "stream")
    return merged_by_time(name, story_set("allsides", data),
                          read_set(name, data + "/documents/articles_before_2019.jsonl.gz", ""));
  fmt::print(stderr, "\"{}\" is no set\n", name);
  std::exit(2);
}

}  // namespace wirewatch::eval
