#include "daemon/store/folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace wirewatch::daemon {
namespace {

namespace fs = std::filesystem;

Error unusable(const std::string& folder, const std::string& why) {
  return {ErrorKind::refused,
          fmt::format("the state folder \"{}\" cannot be used: {}; name another with --state, or "
                      "make it yours",
                      folder, why)};
}

// The pid that the holder wrote, or "" (it may be about to).
std::string holder(int lock) {
  char text[32] = {};
  const ssize_t size = ::pread(lock, text, sizeof text - 1, 0);
  std::string pid(text, size > 0 ? static_cast<std::size_t>(size) : 0);
  pid.resize(std::min(pid.size(), pid.find_first_not_of("0123456789")));
  return pid;
}

}  // namespace

bool StateFolder::in_use(const std::string& folder) {
  const int lock = ::open((folder + "/lock").c_str(), O_RDONLY | O_CLOEXEC);
  if (lock < 0) return errno != ENOENT;
  const bool held = ::flock(lock, LOCK_SH | LOCK_NB) != 0;
  ::close(lock);
  return held;
}

Result<std::unique_ptr<StateFolder>> StateFolder::open(const std::string& folder,
                                                       std::uint64_t ballast_bytes) {
  std::error_code error;
  if (!fs::is_directory(folder, error)) {
    if (!fs::create_directories(folder, error)) return unusable(folder, error.message());
    fs::permissions(folder, fs::perms::owner_all, error);
    if (error) return unusable(folder, error.message());
  }
  constexpr mode_t owner_only = 0600;
  const int lock = ::open((folder + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, owner_only);
  if (lock < 0) return unusable(folder, std::strerror(errno));
  if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
    const std::string pid = holder(lock);
    ::close(lock);
    return Error{ErrorKind::refused,
                 fmt::format("the state folder \"{}\" is in use by {}: stop it, or name another "
                             "folder with --state",
                             folder, pid.empty() ? "another wirewatch" : "process " + pid)};
  }
  const std::string pid = fmt::format("{}\n", ::getpid());
  if (::ftruncate(lock, 0) != 0 || ::pwrite(lock, pid.data(), pid.size(), 0) < 0) {
    // A full disk: the lock holds all the same, it only cannot say whose it is.
  }
  std::unique_ptr<StateFolder> opened(new StateFolder(folder, lock, ballast_bytes));
  opened->ballast_ = fs::file_size(opened->ballast_path(), error) >= ballast_bytes && !error;
  return opened;
}

StateFolder::~StateFolder() {
  ::close(lock_);
}

std::uint64_t StateFolder::free_bytes() const {
  struct statvfs disk = {};
  if (::statvfs(folder_.c_str(), &disk) != 0) return 0;
  return std::uint64_t{disk.f_bavail} * disk.f_frsize;
}

void StateFolder::keep_ballast() {
  constexpr std::uint64_t spare = 3;
  if (ballast_ || free_bytes() < spare * ballast_bytes_) return;
  constexpr mode_t owner_only = 0600;
  const int file = ::open(ballast_path().c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, owner_only);
  if (file < 0) return;
  ballast_ = ::posix_fallocate(file, 0, static_cast<off_t>(ballast_bytes_)) == 0;
  ::close(file);
  if (!ballast_) ::unlink(ballast_path().c_str());
}

bool StateFolder::drop_ballast() {
  ballast_ = false;
  return ::unlink(ballast_path().c_str()) == 0;
}

}  // namespace wirewatch::daemon
