// Which of many entities a name by itself means.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <string>
#include <vector>

#include "rules/entities/name_key.h"
#include "rules/entities/name_match.h"

namespace wirewatch::rules {

class NameResolver {
 public:
  struct Answer {
    std::string id;
    std::string name;  // the listed one that is nearest
    float score = 0;
    NameWay way = NameWay::none;
    NameVerdict verdict = NameVerdict::different;
  };

  // Names that hold no word are passed over.
  void add(const std::string& id, const std::string& name);
  // Best first, an entity once, at most `most`; scores under a third are left out.
  std::vector<Answer> resolve(const std::string& name, std::size_t most) const;
  std::size_t size() const { return names_.size(); }

 private:
  struct Named {
    std::string id;
    NameText name;
  };
  std::vector<std::uint32_t> candidates(const NameText& name) const;

  std::vector<Named> names_;
  boost::unordered_flat_map<NameKey, std::vector<std::uint32_t>> by_key_;
};

}  // namespace wirewatch::rules
