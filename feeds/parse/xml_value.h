// What an element of a feed means: text constructs, addresses, people.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "feeds/item.h"
#include "feeds/parse/xml.h"

namespace wirewatch::feeds {

// One document while its values are read. `url` is the base where no xml:base stands.
struct XmlSource {
  XmlTree& tree;
  std::string_view url;

  // `reference` against the element's base; as written when that does not work, empty when it is
  // a script or data.
  std::string resolve(std::uint32_t node, std::string_view reference) const;
  // Text with blanks collapsed.
  std::string line(std::uint32_t node) const;
  // A title: markup removed, whatever way it was written in.
  std::string title(std::uint32_t node) const;
  // HTML, whatever way it was written in (RFC 4287 section 3.1; Atom 0.3 modes; RSS).
  std::string html(std::uint32_t node) const;
  // Atom's person with children, or a name and an address in one string.
  Author person(std::uint32_t node) const;
  // xml:lang of the element or the nearest one around it.
  std::string language(std::uint32_t node) const;
  // Whether an xml:base is in force.
  bool has_base(std::uint32_t node) const;

 private:
  std::string base(std::uint32_t node) const;
};

}  // namespace wirewatch::feeds
