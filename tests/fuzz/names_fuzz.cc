// Any bytes as names and as a text: nothing crashes, comparing is symmetrical, keys stay within
// their bounds, and mentions lie inside the document. Input: a name, a NUL, another, a NUL, the
// text.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "feeds/text/document.h"
#include "feeds/text/utf8.h"
#include "rules/entities/gazetteer.h"
#include "rules/entities/name_key.h"
#include "rules/entities/name_resolver.h"

namespace {

using namespace wirewatch;

void require(bool holds) {
  if (!holds) std::abort();
}

std::string take_part(std::string& rest) {
  const std::size_t end = rest.find('\0');
  std::string part = rest.substr(0, end);
  rest = end == std::string::npos ? "" : rest.substr(end + 1);
  return part;
}

void check_pair(const std::string& first, const std::string& second) {
  const rules::NameText a = rules::read_name(first);
  const rules::NameText b = rules::read_name(second);
  const rules::NameComparison there = rules::compare_names(a, b);
  const rules::NameComparison back = rules::compare_names(b, a);
  require(there.score >= 0 && there.score <= 1);
  require(std::abs(there.score - back.score) < 0.001F);
  for (const rules::NameUnit& unit : a.units) {
    if (unit.number != 0) continue;  // has a key of its own and no sounds
    for (const rules::Sounds& sounds : unit.readings) {
      require(sounds.length > 0 && sounds.length <= rules::max_sounds);
      const rules::NameKeys keys = rules::keys_of(sounds, 8);
      require(!keys.empty() && keys.size() <= 8);
      require(rules::joined(keys[0], keys[0]) >> 48U == 0);
    }
  }
  rules::NameResolver resolver;
  resolver.add("a", first);
  require(resolver.resolve(second, 3).size() <= 1);
}

void check_text(const std::string& first, const std::string& second, const std::string& text) {
  rules::EntityDef person;
  person.id = "a";
  person.kind = "person";
  person.names = {first};
  person.shorts = {second};
  rules::EntityDef place;
  place.id = "b";
  place.kind = "place";
  place.names = {second};
  const auto gazetteer = rules::Gazetteer::compile({person, place}).first;
  feeds::DocumentInput input;
  input.title = second + " " + first;
  input.text = text + "\n" + first + " " + second + " " + first;
  const feeds::Document document = feeds::make_document(input);
  for (const feeds::Mention& mention : gazetteer.find(document)) {
    require(mention.first_token <= mention.last_token);
    require(mention.last_token < document.tokens.size());
    require(mention.start < mention.end);
  }
  require(gazetteer.names_of("a").size() == 2);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string rest(reinterpret_cast<const char*>(data), std::min<std::size_t>(size, 4096));
  const std::string first = feeds::unicode::tidy(take_part(rest), 2048);
  const std::string second = feeds::unicode::tidy(take_part(rest), 2048);
  check_pair(first, second);
  check_text(first, second, rest);
  return 0;
}
