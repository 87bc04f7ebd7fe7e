#include "tests/bench/files.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

namespace wirewatch::bench {
namespace {

std::string contents(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

std::vector<std::string> files_of(const char* variable) {
  const char* place = std::getenv(variable);
  std::vector<std::filesystem::path> paths;
  if (place != nullptr && std::filesystem::is_directory(place)) {
    for (const auto& entry : std::filesystem::directory_iterator(place)) {
      if (entry.is_regular_file() && entry.file_size() > 0) paths.push_back(entry.path());
    }
  } else if (place != nullptr && std::filesystem::is_regular_file(place)) {
    paths.emplace_back(place);
  }
  if (paths.empty()) {
    std::cerr << variable << " names no files\n";
    std::exit(2);
  }
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> all;
  for (const auto& path : paths) all.push_back(contents(path));
  return all;
}

std::size_t bytes_of(const std::vector<std::string>& files) {
  std::size_t bytes = 0;
  for (const std::string& file : files) bytes += file.size();
  return bytes;
}

}  // namespace wirewatch::bench
