#include "daemon/loop/notify.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <regex>
#include <string>

namespace wirewatch::daemon {
namespace {

// The other end: systemd's datagram socket, here under an abstract name of this process's own.
class NotifyTest : public testing::Test {
 protected:
  void SetUp() override {
    socket_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    ASSERT_GE(socket_, 0);
    const std::string name = "@wirewatch-notify-test-" + std::to_string(::getpid());
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(&address.sun_path[1], name.data() + 1, name.size() - 1);  // '@' stands for NUL
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    ASSERT_EQ(::bind(socket_, static_cast<sockaddr*>(static_cast<void*>(&address)), size), 0);
    ::setenv("NOTIFY_SOCKET", name.c_str(), 1);
  }
  void TearDown() override {
    for (const char* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}) ::unsetenv(name);
    ::close(socket_);
  }
  std::string received() const {
    std::array<char, 512> bytes{};
    const auto size = ::recv(socket_, bytes.data(), bytes.size(), 0);
    return size < 0 ? "nothing" : std::string(bytes.data(), static_cast<std::size_t>(size));
  }
  int socket_ = -1;
};

TEST_F(NotifyTest, TellsEachStateInOneDatagram) {
  EXPECT_TRUE(notify_ready("watching 12 feeds"));
  EXPECT_EQ(received(), "READY=1\nSTATUS=watching 12 feeds");
  EXPECT_TRUE(notify_status("3 feeds fail"));
  EXPECT_EQ(received(), "STATUS=3 feeds fail");
  EXPECT_TRUE(notify_watchdog());
  EXPECT_EQ(received(), "WATCHDOG=1");
  EXPECT_TRUE(notify_stopping("finishing deliveries", std::chrono::seconds(12)));
  EXPECT_EQ(received(), "STOPPING=1\nEXTEND_TIMEOUT_USEC=12000000\nSTATUS=finishing deliveries");
  EXPECT_EQ(received(), "nothing");
}

TEST_F(NotifyTest, AReloadComesWithTheTimeItBegan) {
  EXPECT_TRUE(notify_reloading());
  const std::string text = received();
  EXPECT_TRUE(std::regex_match(text, std::regex("RELOADING=1\nMONOTONIC_USEC=[0-9]+"))) << text;
}

TEST_F(NotifyTest, AStatusCannotSmuggleInAField) {
  EXPECT_TRUE(notify_status("feed \"a\nMAINPID=1\x1b[31m\x7f\""));
  EXPECT_EQ(received(), "STATUS=feed \"a MAINPID=1 [31m \"");
}

TEST_F(NotifyTest, OutsideOfSystemdNothingIsSent) {
  ::unsetenv("NOTIFY_SOCKET");
  EXPECT_FALSE(notify_ready("x"));
  EXPECT_FALSE(notify_reloading());
  EXPECT_FALSE(notify_stopping("x", Span(0)));
  EXPECT_FALSE(notify_status("x"));
  EXPECT_FALSE(notify_watchdog());
  EXPECT_EQ(watchdog_interval(), std::nullopt);
  EXPECT_EQ(received(), "nothing");
}

TEST_F(NotifyTest, TheWatchdogsIntervalIsForThisProcessOnly) {
  ::setenv("WATCHDOG_USEC", "30000000", 1);
  EXPECT_EQ(watchdog_interval(), std::chrono::seconds(30));
  ::setenv("WATCHDOG_PID", "1", 1);
  EXPECT_EQ(watchdog_interval(), std::nullopt);
}

}  // namespace
}  // namespace wirewatch::daemon
