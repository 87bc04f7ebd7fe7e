#include "daemon/config/watch_paths.h"

#include <filesystem>

namespace wirewatch::daemon {
namespace {

namespace fs = std::filesystem;
constexpr int kMaxLinks = 40;  // as the kernel's

using Folders = std::map<std::string, WatchedNames>;

// Notes every place on the way to `path`; answers where it ends, or empty when it does not exist.
fs::path follow(const fs::path& path, Folders& folders, int links) {
  fs::path at = "/";
  const fs::path relative = path.relative_path();
  for (auto part = relative.begin(); part != relative.end(); ++part) {
    const fs::path next = at / *part;
    std::error_code code;
    const fs::file_status status = fs::symlink_status(next, code);
    const bool last = std::next(part) == relative.end();
    const bool link = fs::is_symlink(status);
    if (last || link || !fs::exists(status)) folders[at.string()].names.insert(part->string());
    if (!fs::exists(status)) return {};
    if (!link) {
      at = next;
      continue;
    }
    fs::path target = fs::read_symlink(next, code);
    if (code || links >= kMaxLinks) return {};
    if (target.is_relative()) target = at / target;
    for (auto rest = std::next(part); rest != relative.end(); ++rest) target /= *rest;
    return follow(target.lexically_normal(), folders, links + 1);
  }
  return at;
}

}  // namespace

Folders watched_folders(const std::vector<std::string>& files,
                        const std::vector<std::string>& folders) {
  Folders result;
  for (const std::string& file : files) follow(file, result, 0);
  for (const std::string& folder : folders) {
    const fs::path end = follow(folder, result, 0);
    if (!end.empty()) result[end.string()].every_yaml = true;
  }
  return result;
}

}  // namespace wirewatch::daemon
