#include "daemon/loop/curl_multi.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/append.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <new>
#include <utility>
#include <vector>

namespace wirewatch::daemon {

using boost::system::error_code;

constexpr long cache_size = 256;

// A duplicate of curl's socket: curl may close its own before it says that it has (and the number
// may be in use again), which the loop would not survive.
struct CurlMulti::Watch {
  Watch(asio::io_context& loop, curl_socket_t original) : descriptor(loop), socket(original) {}
  // False when this process or the kernel has no room for another descriptor.
  bool open() {
    const int duplicate = ::fcntl(socket, F_DUPFD_CLOEXEC, 0);
    if (duplicate < 0) return false;
    error_code error;
    descriptor.assign(duplicate, error);
    if (error) ::close(duplicate);
    return !error;
  }
  asio::posix::stream_descriptor descriptor;
  curl_socket_t socket;
  bool connected = false;  // it is not the one that waited for the connection
  int interest = CURL_POLL_NONE;
  bool reading = false;  // a wait is under way
  bool writing = false;
};

CurlMulti::CurlMulti(asio::io_context& loop, long connections, long connections_per_host)
    : loop_(loop),
      timer_(loop),
      multi_(curl_multi_init()),
      deadline_timer_(loop),
      most_kept_(static_cast<std::size_t>(std::min(connections, cache_size) + 1) / 2) {
  if (multi_ == nullptr) throw std::bad_alloc();
  curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &CurlMulti::on_socket);
  curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &CurlMulti::on_timer);
  curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_MAX_TOTAL_CONNECTIONS, connections);
  curl_multi_setopt(multi_, CURLMOPT_MAX_HOST_CONNECTIONS, connections_per_host);
  curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, std::min(connections, cache_size));
  // HTTP/2: several requests on one connection, as many as HTTP/1.1 would have had connections.
  curl_multi_setopt(multi_, CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_MULTIPLEX));
  curl_multi_setopt(multi_, CURLMOPT_MAX_CONCURRENT_STREAMS, connections_per_host);
}

CurlMulti::~CurlMulti() {
  close();
}

asio::awaitable<CURLcode> CurlMulti::perform(CURL* easy, std::chrono::microseconds at_most) {
  auto initiate = [self = shared_from_this(), at_most](auto handler, CURL* handle) {
    self->start(handle, at_most, Handler(std::move(handler)));
  };
  return asio::async_initiate<const asio::use_awaitable_t<>, Signature>(std::move(initiate),
                                                                        asio::use_awaitable, easy);
}

void CurlMulti::close() {
  if (multi_ == nullptr) return;
  while (!pending_.empty()) {
    finish(pending_.begin()->first, asio::error::operation_aborted, CURLE_ABORTED_BY_CALLBACK);
  }
  curl_multi_cleanup(std::exchange(multi_, nullptr));
  timer_.cancel();
  watches_.clear();
}

void CurlMulti::start(CURL* easy, std::chrono::microseconds at_most, Handler handler) {
  const std::uint64_t id = ++started_;
  auto slot = asio::get_associated_cancellation_slot(handler);
  if (slot.is_connected()) {
    // Through the loop: a signal may be emitted from anywhere, even inside one of curl's callbacks.
    slot.assign([weak = weak_from_this(), easy, id](asio::cancellation_type) {
      if (const auto self = weak.lock()) {
        self->finish_later(easy, id, asio::error::operation_aborted, CURLE_ABORTED_BY_CALLBACK);
      }
    });
  }
  const Moment deadline = std::chrono::steady_clock::now() + at_most;
  pending_.insert_or_assign(easy, Pending{id, std::move(handler), deadline});
  deadlines_.emplace(Deadline(deadline, id), easy);
  if (!deadline_armed_ || *deadline_armed_ > deadline) arm_deadline();
  if (multi_ == nullptr) {
    finish(easy, asio::error::operation_aborted, CURLE_ABORTED_BY_CALLBACK);
  } else if (curl_multi_add_handle(multi_, easy) != CURLM_OK) {
    finish(easy, {}, CURLE_FAILED_INIT);
  }
}

void CurlMulti::finish_later(CURL* easy, std::uint64_t id, error_code error, CURLcode code) {
  asio::post(loop_, [weak = weak_from_this(), easy, id, error, code] {
    const auto self = weak.lock();
    if (!self) return;
    const auto found = self->pending_.find(easy);
    if (found != self->pending_.end() && found->second.id == id) self->finish(easy, error, code);
  });
}

// Who waits for it; empty: nobody. curl has let go of it then.
CurlMulti::Handler CurlMulti::take(CURL* easy) {
  const auto found = pending_.find(easy);
  if (found == pending_.end()) return {};
  Handler handler = std::move(found->second.handler);
  deadlines_.erase(Deadline(found->second.deadline, found->second.id));
  pending_.erase(found);
  if (deadlines_.empty() && deadline_armed_) {  // a waiting timer would keep the loop
    deadline_armed_.reset();
    deadline_timer_.cancel();
  }
  asio::get_associated_cancellation_slot(handler).clear();
  if (multi_ != nullptr) curl_multi_remove_handle(multi_, easy);
  return handler;
}

void CurlMulti::finish(CURL* easy, error_code error, CURLcode code) {
  Handler handler = take(easy);
  if (handler) asio::post(loop_, asio::append(std::move(handler), error, code));
}

void CurlMulti::action(curl_socket_t socket, int events) {
  if (multi_ == nullptr) return;
  int running = 0;
  curl_multi_socket_action(multi_, socket, events, &running);
  drain();
}

// Whoever waited goes on from here, once curl has told of all: each may begin another transfer, or
// close this.
void CurlMulti::drain() {
  std::vector<std::pair<Handler, CURLcode>> ended;
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const CURLcode code = message->data.result;  // removing the handle invalidates the message
    Handler handler = take(message->easy_handle);
    if (handler) ended.emplace_back(std::move(handler), code);
  }
  for (auto& [handler, code] : ended) std::move(handler)(error_code(), code);
}

int CurlMulti::on_timer(CURLM*, long timeout_ms, void* self) {
  static_cast<CurlMulti*>(self)->set_timer(timeout_ms);
  return 0;
}

// Never acts at once, not even at zero: curl refuses to be called inside its own callback. curl
// sets its timer several times a transfer, and setting one is a call of the kernel: the timer is
// left as it is where it ends earlier, and looks then what is due.
void CurlMulti::set_timer(long timeout_ms) {
  if (timeout_ms < 0) {
    due_.reset();
  } else if (timeout_ms == 0) {
    due_.reset();
    kick();
  } else {
    due_ = std::chrono::steady_clock::now() + std::chrono::milliseconds(timeout_ms);
    if (!armed_ || *armed_ > *due_) arm_timer();
  }
}

void CurlMulti::kick() {
  if (std::exchange(kicked_, true)) return;
  asio::post(loop_, [weak = weak_from_this()] {
    const auto self = weak.lock();
    if (!self) return;
    self->kicked_ = false;
    self->action(CURL_SOCKET_TIMEOUT, 0);
  });
}

void CurlMulti::arm_timer() {
  armed_ = due_;
  timer_.expires_at(*armed_);
  timer_.async_wait([weak = weak_from_this()](const error_code& error) {
    const auto self = weak.lock();
    if (!self || error) return;
    self->armed_.reset();
    if (!self->due_) return;
    if (*self->due_ > std::chrono::steady_clock::now()) return self->arm_timer();
    self->due_.reset();
    self->action(CURL_SOCKET_TIMEOUT, 0);
  });
}

void CurlMulti::arm_deadline() {
  deadline_armed_ = deadlines_.begin()->first.first;
  deadline_timer_.expires_at(*deadline_armed_);
  deadline_timer_.async_wait([weak = weak_from_this()](const error_code& error) {
    const auto self = weak.lock();
    if (self && !error) self->end_late();
  });
}

void CurlMulti::end_late() {
  deadline_armed_.reset();
  const Moment now = std::chrono::steady_clock::now();
  while (!deadlines_.empty() && deadlines_.begin()->first.first <= now) {
    finish(deadlines_.begin()->second, {}, CURLE_OPERATION_TIMEDOUT);
  }
  if (!deadlines_.empty()) arm_deadline();
}

int CurlMulti::on_socket(CURL* easy, curl_socket_t socket, int what, void* self, void*) {
  auto* const multi = static_cast<CurlMulti*>(self);
  if (what == CURL_POLL_REMOVE) {
    multi->unwatch(socket);
  } else {
    multi->watch(easy, socket, what);
  }
  return 0;  // anything else would make the whole multi unusable
}

void CurlMulti::socket_opened(curl_socket_t socket) {
  forget(socket);
  open_.insert(socket);
}

void CurlMulti::socket_closes(curl_socket_t socket) {
  open_.erase(socket);
  forget(socket);
}

// A connection that is kept will be watched again: its watch stays, and costs nothing meanwhile.
void CurlMulti::unwatch(curl_socket_t socket) {
  const auto found = watches_.find(socket);
  if (found == watches_.end()) return;
  if (open_.contains(socket)) {
    found->second->interest = CURL_POLL_NONE;
  } else {
    forget(socket);
  }
}

void CurlMulti::forget(curl_socket_t socket) {
  const auto found = watches_.find(socket);
  if (found == watches_.end()) return;
  const auto watch = found->second;
  watches_.erase(found);
  error_code ignored;
  watch->descriptor.close(ignored);
}

void CurlMulti::watch(CURL* easy, curl_socket_t socket, int what) {
  auto& watch = watches_[socket];
  // Once Asio was asked when a socket can be written to, each later wait for an answer first hears
  // that it can: a call and a turn of the loop. So what waited for the connection is not kept.
  const bool connected = watch && !watch->connected && (what & CURL_POLL_OUT) == 0;
  if (connected) {
    error_code ignored;
    watch->descriptor.close(ignored);
    watch.reset();
  }
  if (!watch) {
    watch = std::make_shared<Watch>(loop_, socket);
    if (!watch->open()) {
      watches_.erase(socket);
      const auto found = pending_.find(easy);
      if (found != pending_.end()) finish_later(easy, found->second.id, {}, CURLE_FAILED_INIT);
      return;
    }
    watch->connected = connected;
  }
  watch->interest = what;
  arm(watch);
}

void CurlMulti::arm(const std::shared_ptr<Watch>& watch) {
  const auto weak = weak_from_this();
  if ((watch->interest & CURL_POLL_IN) != 0 && !watch->reading) {
    watch->reading = true;
    watch->descriptor.async_wait(asio::posix::stream_descriptor::wait_read,
                                 [weak, watch](const error_code& error) {
                                   watch->reading = false;
                                   if (const auto self = weak.lock()) {
                                     self->ready(watch, error, CURL_CSELECT_IN);
                                   }
                                 });
  }
  if ((watch->interest & CURL_POLL_OUT) != 0 && !watch->writing) {
    watch->writing = true;
    watch->descriptor.async_wait(asio::posix::stream_descriptor::wait_write,
                                 [weak, watch](const error_code& error) {
                                   watch->writing = false;
                                   if (const auto self = weak.lock()) {
                                     self->ready(watch, error, CURL_CSELECT_OUT);
                                   }
                                 });
  }
}

void CurlMulti::ready(const std::shared_ptr<Watch>& watch, error_code error, int events) {
  const auto ours = [this, &watch] {
    const auto found = watches_.find(watch->socket);
    return found != watches_.end() && found->second == watch;
  };
  if (!ours() || error == asio::error::operation_aborted) return;
  const int wanted = events == CURL_CSELECT_IN ? CURL_POLL_IN : CURL_POLL_OUT;
  if ((watch->interest & wanted) == 0) return;
  action(watch->socket, error ? CURL_CSELECT_ERR : events);
  if (ours()) arm(watch);
}

}  // namespace wirewatch::daemon
