// Files that a benchmark reads; which ones its script says in the environment.
#pragma once

#include <string>
#include <vector>

namespace wirewatch::bench {

// The contents of every regular file of the folder that the variable names, in order of their
// names; of the file itself where it names one. Ends the program when there is none.
std::vector<std::string> files_of(const char* variable);

std::size_t bytes_of(const std::vector<std::string>& files);

}  // namespace wirewatch::bench
