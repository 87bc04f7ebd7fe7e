// The texts that a load reads, from the disk or from a kept copy, and places in them.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "feeds/result.h"

namespace wirewatch::daemon {

inline constexpr std::size_t kMaxConfigFile = 16U << 20U;   // bytes of one file
inline constexpr std::size_t kMaxConfigFiles = 10000;       // files of one load
inline constexpr std::size_t kMaxConfigBytes = 64U << 20U;  // bytes of all files of one load

// What a load read: enough to repeat it elsewhere. Paths are absolute.
struct SourceSet {
  std::map<std::string, std::string> files;                 // path → content
  std::map<std::string, std::vector<std::string>> folders;  // path → its "*.yaml" names, sorted
};

struct Position {
  std::uint32_t line = 0;    // from 1; 0: the whole file
  std::uint32_t column = 0;  // from 1, in characters (code points)
};

class SourceFile {
 public:
  SourceFile(std::string path, std::string text);
  const std::string& path() const { return path_; }
  const std::string& text() const { return text_; }   // without a byte order mark
  Position position(std::size_t offset) const;        // of a byte; past the end: the end
  std::string_view line(std::uint32_t number) const;  // from 1, without its line break
  std::uint32_t lines() const { return static_cast<std::uint32_t>(starts_.size()); }
  std::size_t line_start(std::uint32_t number) const { return starts_[number - 1]; }

 private:
  std::string path_;
  std::string text_;
  std::vector<std::size_t> starts_;
};

// Reads files once each and remembers what was read.
class Sources {
 public:
  Sources();                                                // from the disk
  explicit Sources(std::shared_ptr<const SourceSet> kept);  // from a kept copy only

  // The file at an absolute path; lives as long as this object. Errors: cannot be read, is not a
  // regular file, a bound above.
  Result<const SourceFile*> read(const std::string& path);
  // Names ending in ".yaml" in a folder, sorted, hidden ones left out. A folder of drop-ins, called
  // NAME.d, that is not there yet holds none.
  Result<std::vector<std::string>> list(const std::string& folder);
  bool is_folder(const std::string& path) const;  // or a folder of drop-ins to be
  bool is_folder_to_be(const std::string& path) const;

  const std::vector<std::string>& order() const { return order_; }  // paths as first read
  std::shared_ptr<const SourceSet> taken() const { return taken_; }
  // Paths on the disk, of files or of folders, that were named and could not be read.
  const std::set<std::string>& unread() const { return unread_; }

 private:
  std::shared_ptr<const SourceSet> kept_;
  std::shared_ptr<SourceSet> taken_;
  std::deque<SourceFile> files_;
  std::map<std::string, const SourceFile*> by_path_;
  std::vector<std::string> order_;
  std::set<std::string> unread_;  // at most kMaxConfigFiles
  std::size_t bytes_ = 0;
};

// `path` made absolute against `folder` ("/" rules over it), "." and ".." removed.
std::string absolute_path(const std::string& folder, const std::string& path);
std::string folder_of(const std::string& path);

// The content of a regular file of at most `limit` bytes. Errors name the path.
Result<std::string> read_regular_file(const std::string& path, std::size_t limit);

}  // namespace wirewatch::daemon
