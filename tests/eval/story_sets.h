// The sets by which stories are measured and tuned.
#pragma once

#include <string>

#include "tests/eval/evaluation.h"

namespace wirewatch::eval {

// "ecb", "allsides", "headlines", "stream" and "syndication" as they are; "ecb-turned" in another
// order; "ecb-cut" and "allsides-cut" with the title and the first 10 to 40 words; "ecb-titles" and
// "allsides-titles" with one teaser line for all texts; "stream-part", three months of it;
// "strangers" and "strangers-long", of which no two belong together. `data` is the folder of the
// test material. Ends the program when there is no such set.
Set story_set(const std::string& name, const std::string& data);

}  // namespace wirewatch::eval
