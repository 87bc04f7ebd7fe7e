#include "daemon/config/source.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

namespace wirewatch::daemon {
namespace {

namespace fs = std::filesystem;

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

Error cannot_read(const std::string& path, int code) {
  const ErrorKind kind = code == ENOENT ? ErrorKind::not_found : ErrorKind::invalid;
  return Error{kind, fmt::format("cannot read \"{}\": {}", path, std::strerror(code))};
}

Error too_big(const std::string& path, std::size_t limit) {
  return Error{ErrorKind::too_big, fmt::format("\"{}\" is bigger than {} bytes", path, limit)};
}

}  // namespace

SourceFile::SourceFile(std::string path, std::string text)
    : path_(std::move(path)), text_(std::move(text)) {
  if (text_.rfind("\xEF\xBB\xBF", 0) == 0) text_.erase(0, 3);
  starts_.push_back(0);
  for (std::size_t i = 0; i < text_.size(); ++i) {
    if (text_[i] == '\n') starts_.push_back(i + 1);
  }
}

Position SourceFile::position(std::size_t offset) const {
  offset = std::min(offset, text_.size());
  const auto after = std::upper_bound(starts_.begin(), starts_.end(), offset);
  const auto line = static_cast<std::size_t>(after - starts_.begin());
  std::uint32_t column = 1;
  for (std::size_t i = starts_[line - 1]; i < offset; ++i) {
    if ((static_cast<unsigned char>(text_[i]) & 0xC0U) != 0x80U) ++column;
  }
  return Position{static_cast<std::uint32_t>(line), column};
}

std::string_view SourceFile::line(std::uint32_t number) const {
  if (number == 0 || number > starts_.size()) return {};
  const std::size_t start = starts_[number - 1];
  std::size_t end = number < starts_.size() ? starts_[number] - 1 : text_.size();
  if (end > start && text_[end - 1] == '\r') --end;
  return std::string_view(text_).substr(start, end - start);
}

namespace {

bool is_missing_drop_ins(const std::string& path) {
  std::error_code code;
  return fs::path(path).extension() == ".d" && !fs::exists(fs::symlink_status(path, code));
}

}  // namespace

Result<std::string> read_regular_file(const std::string& path, std::size_t limit) {
  // Not blocking: a named pipe must not hold the loop.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.get() < 0) return cannot_read(path, errno);
  struct stat facts {};
  if (::fstat(file.get(), &facts) != 0) return cannot_read(path, errno);
  if (!S_ISREG(facts.st_mode)) {
    return Error{ErrorKind::invalid, fmt::format("\"{}\" is not a file", path)};
  }
  if (static_cast<std::size_t>(facts.st_size) > limit) return too_big(path, limit);
  std::string text;
  std::vector<char> buffer(65536);
  for (;;) {
    const ssize_t n = ::read(file.get(), buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return cannot_read(path, errno);
    if (n == 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(n));
    if (text.size() > limit) return too_big(path, limit);
  }
}

Sources::Sources() : taken_(std::make_shared<SourceSet>()) {}

Sources::Sources(std::shared_ptr<const SourceSet> kept)
    : kept_(std::move(kept)), taken_(std::make_shared<SourceSet>()) {}

Result<const SourceFile*> Sources::read(const std::string& path) {
  const auto known = by_path_.find(path);
  if (known != by_path_.end()) return known->second;
  if (files_.size() >= kMaxConfigFiles) {
    return Error{ErrorKind::too_big,
                 fmt::format("\"{}\" is one file too many: a config reads at most {}", path,
                             kMaxConfigFiles)};
  }
  std::string text;
  if (kept_) {
    const auto found = kept_->files.find(path);
    if (found == kept_->files.end()) return cannot_read(path, ENOENT);
    text = found->second;
  } else {
    auto read = read_regular_file(path, kMaxConfigFile);
    if (!read) {
      if (unread_.size() < kMaxConfigFiles) unread_.insert(path);
      return read.error();
    }
    text = std::move(*read);
  }
  bytes_ += text.size();
  if (bytes_ > kMaxConfigBytes) {
    return Error{ErrorKind::too_big,
                 fmt::format("with \"{}\" the config's files hold more than {} bytes", path,
                             kMaxConfigBytes)};
  }
  taken_->files.emplace(path, text);
  order_.push_back(path);
  files_.emplace_back(path, std::move(text));
  by_path_.emplace(path, &files_.back());
  return by_path_[path];
}

Result<std::vector<std::string>> Sources::list(const std::string& folder) {
  std::vector<std::string> names;
  if (kept_) {
    const auto found = kept_->folders.find(folder);
    if (found == kept_->folders.end()) return cannot_read(folder, ENOENT);
    names = found->second;
  } else {
    std::error_code code;
    if (is_missing_drop_ins(folder)) {
      taken_->folders[folder] = names;
      return names;
    }
    for (fs::directory_iterator it(folder, code), end; !code && it != end; it.increment(code)) {
      const std::string name = it->path().filename().string();
      if (name[0] != '.' && it->path().extension() == ".yaml") names.push_back(name);
    }
    if (code) {
      if (unread_.size() < kMaxConfigFiles) unread_.insert(folder);
      return cannot_read(folder, code.value());
    }
    std::sort(names.begin(), names.end());
  }
  taken_->folders[folder] = names;
  return names;
}

bool Sources::is_folder(const std::string& path) const {
  if (kept_) return kept_->folders.count(path) != 0;
  std::error_code code;
  return fs::is_directory(path, code) || is_missing_drop_ins(path);
}

bool Sources::is_folder_to_be(const std::string& path) const {
  return !kept_ && is_missing_drop_ins(path);
}

std::string absolute_path(const std::string& folder, const std::string& path) {
  std::string result = (fs::path(folder) / path).lexically_normal().string();
  while (result.size() > 1 && result.back() == '/') result.pop_back();
  return result;
}

std::string folder_of(const std::string& path) {
  return fs::path(path).parent_path().string();
}

}  // namespace wirewatch::daemon
