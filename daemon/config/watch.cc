#include "daemon/config/watch.h"

#include <fmt/format.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cerrno>
#include <cstring>

#include "daemon/config/watch_paths.h"

namespace wirewatch::daemon {
namespace {

constexpr Span kQuiet = std::chrono::milliseconds(100);
constexpr Span kAtMost = std::chrono::seconds(2);
constexpr std::uint32_t kMask = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE |
                                IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF | IN_ATTRIB | IN_ONLYDIR;

bool is_yaml(const std::string& name) {
  return name.size() > 5 && name[0] != '.' && name.compare(name.size() - 5, 5, ".yaml") == 0;
}

}  // namespace

struct FileWatch::State : std::enable_shared_from_this<FileWatch::State> {
  State(asio::any_io_executor loop, Clock& the_clock, std::function<void()> callback)
      : clock(the_clock), changed(std::move(callback)), descriptor(loop) {}

  Clock& clock;
  std::function<void()> changed;
  asio::posix::stream_descriptor descriptor;
  std::map<int, WatchedNames> watches;
  std::unique_ptr<Clock::Timer> quiet;
  std::unique_ptr<Clock::Timer> at_most;

  Result<void> open() {
    if (descriptor.is_open()) return {};
    const int fd = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (fd < 0) {
      return Error{ErrorKind::temporary,
                   fmt::format("files cannot be watched: {} (see fs.inotify.max_user_instances)",
                               std::strerror(errno))};
    }
    descriptor.assign(fd);
    wait();
    return {};
  }

  void wait() {
    descriptor.async_wait(asio::posix::stream_descriptor::wait_read,
                          [weak = weak_from_this()](const boost::system::error_code& code) {
                            const auto self = weak.lock();
                            if (!self || code) return;
                            self->drain();
                            self->wait();
                          });
  }

  void drain() {
    alignas(inotify_event) std::array<char, 16384> buffer;
    for (;;) {
      const ssize_t n = ::read(descriptor.native_handle(), buffer.data(), buffer.size());
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return;
      std::size_t at = 0;
      while (at < static_cast<std::size_t>(n)) {
        inotify_event event{};
        std::memcpy(&event, buffer.data() + at, sizeof(event));
        const std::string name =
            event.len > 0 ? std::string(buffer.data() + at + sizeof(event)) : std::string();
        at += sizeof(event) + event.len;
        if (counts(event, name)) note_change();
      }
    }
  }

  bool counts(const inotify_event& event, const std::string& name) {
    if ((event.mask & IN_Q_OVERFLOW) != 0) return true;
    const auto watch = watches.find(event.wd);
    if (watch == watches.end()) return false;
    if ((event.mask & IN_IGNORED) != 0) {  // the folder is gone, and its watch with it
      watches.erase(watch);
      return true;
    }
    if ((event.mask & (IN_DELETE_SELF | IN_MOVE_SELF)) != 0) return true;
    return watch->second.names.count(name) != 0 || (watch->second.every_yaml && is_yaml(name));
  }

  void note_change() {
    quiet = clock.after(kQuiet, [weak = weak_from_this()] { fire(weak); });
    if (!at_most) at_most = clock.after(kAtMost, [weak = weak_from_this()] { fire(weak); });
  }

  static void fire(const std::weak_ptr<State>& weak) {
    const auto self = weak.lock();
    if (!self || !self->at_most) return;
    self->quiet.reset();
    self->at_most.reset();
    self->changed();
  }
};

FileWatch::FileWatch(asio::any_io_executor loop, Clock& clock, std::function<void()> changed)
    : state_(std::make_shared<State>(std::move(loop), clock, std::move(changed))) {}

FileWatch::~FileWatch() {
  boost::system::error_code ignored;
  state_->descriptor.close(ignored);
}

Result<void> FileWatch::set_files(const std::vector<std::string>& files,
                                  const std::vector<std::string>& folders) {
  auto opened = state_->open();
  if (!opened) return opened;
  const int fd = state_->descriptor.native_handle();
  std::map<int, WatchedNames> now;
  Result<void> outcome;
  for (const auto& folder : watched_folders(files, folders)) {
    const int wd = ::inotify_add_watch(fd, folder.first.c_str(), kMask);
    if (wd < 0) {
      // A folder that vanished since is seen in its parent; a file in its place is none of ours.
      if (errno == ENOENT || errno == ENOTDIR) continue;
      outcome = Error{
          ErrorKind::temporary,
          fmt::format("changes in \"{}\" cannot be seen: {}{}", folder.first, std::strerror(errno),
                      errno == ENOSPC ? " (see fs.inotify.max_user_watches)" : "")};
      continue;
    }
    // Two paths may be one folder.
    now[wd].names.insert(folder.second.names.begin(), folder.second.names.end());
    now[wd].every_yaml = now[wd].every_yaml || folder.second.every_yaml;
  }
  for (const auto& old : state_->watches) {
    if (now.count(old.first) == 0) ::inotify_rm_watch(fd, old.first);
  }
  state_->watches = std::move(now);
  return outcome;
}

}  // namespace wirewatch::daemon
