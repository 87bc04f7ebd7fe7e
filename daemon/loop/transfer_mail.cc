// A message by SMTP, as curl speaks it (RFC 5321).
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "daemon/loop/curl_multi.h"
#include "daemon/loop/transfer.h"

namespace wirewatch::daemon {
namespace {

constexpr std::size_t text_cap = 2000;  // of an answer's lines

// Where in the dialogue an answer came: before the message's own commands it is about us.
const char* stage_of(const MailDialogue& dialogue) {
  if (dialogue.verb == "MAIL") return "sender";
  if (dialogue.verb == "RCPT") return "recipient";
  if (dialogue.verb == "DATA") return "message";
  if (dialogue.verb.empty() || dialogue.verb == "EHLO" || dialogue.verb == "HELO") return "hello";
  return dialogue.verb == "STARTTLS" ? "encryption" : "login";
}

std::string address_in_brackets(const std::string& mailbox) {
  return "<" + mailbox + ">";
}

}  // namespace

// A connection of its own for each message: curl says QUIT when a connection is closed, and waits
// for the answer where it stands. Here that is on_dialogue's business.
void Transfer::set_mail(const MailEnvelope& mail, const std::string& url) {
  curl_easy_setopt(easy_, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt(easy_, CURLOPT_URL, (url + "/" + mail.hello).c_str());
  curl_easy_setopt(easy_, CURLOPT_MAIL_FROM, address_in_brackets(mail.from).c_str());
  for (const std::string& to : mail.to) {
    recipients_ = curl_slist_append(recipients_, address_in_brackets(to).c_str());
  }
  curl_easy_setopt(easy_, CURLOPT_MAIL_RCPT, recipients_);
  curl_easy_setopt(easy_, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(easy_, CURLOPT_READFUNCTION, &Transfer::on_upload);
  curl_easy_setopt(easy_, CURLOPT_READDATA, this);
  curl_easy_setopt(easy_, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(body_to_send_.size()));
  const bool starttls = mail.encrypt && origin_.scheme == "smtp";
  curl_easy_setopt(easy_, CURLOPT_USE_SSL,
                   static_cast<long>(starttls ? CURLUSESSL_ALL : CURLUSESSL_NONE));
  if (!mail.user.empty()) {
    curl_easy_setopt(easy_, CURLOPT_USERNAME, mail.user.c_str());
    curl_easy_setopt(easy_, CURLOPT_PASSWORD, mail.password.c_str());
  }
  // Servers let strangers wait on purpose; the deadline bounds the whole.
  curl_easy_setopt(easy_, CURLOPT_LOW_SPEED_TIME, 0L);
  curl_easy_setopt(easy_, CURLOPT_SERVER_RESPONSE_TIMEOUT,
                   std::chrono::duration_cast<std::chrono::seconds>(facts_.deadline).count());
  if (!setup_.proxy.url.empty()) curl_easy_setopt(easy_, CURLOPT_HTTPPROXYTUNNEL, 1L);
  curl_easy_setopt(easy_, CURLOPT_HEADERFUNCTION, &Transfer::on_mail_line);
  curl_easy_setopt(easy_, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(easy_, CURLOPT_CLOSESOCKETFUNCTION, &Transfer::on_mail_close);
  curl_easy_setopt(easy_, CURLOPT_CLOSESOCKETDATA, this);
  curl_easy_setopt(easy_, CURLOPT_DEBUGFUNCTION, &Transfer::on_dialogue);
  curl_easy_setopt(easy_, CURLOPT_DEBUGDATA, this);
  curl_easy_setopt(easy_, CURLOPT_VERBOSE, 1L);  // or curl would not call on_dialogue
}

// Commands as they are sent. Of them only the verb is looked at: others hold the password.
int Transfer::on_dialogue(CURL*, curl_infotype kind, char* data, std::size_t size, void* self) {
  if (kind != CURLINFO_HEADER_OUT) return 0;
  auto* const transfer = static_cast<Transfer*>(self);
  MailDialogue& dialogue = transfer->dialogue_;
  const std::string_view line(data, size);
  const std::string_view verb = line.substr(0, line.find_first_of(" \r\n"));
  if (verb == "QUIT") {
    // curl waits for the answer where it stands, the loop with it; there is nothing to learn from
    // it. What has been sent still arrives.
    for (const curl_socket_t socket : transfer->mail_sockets_) ::shutdown(socket, SHUT_RD);
    dialogue.over = true;
    return 0;
  }
  constexpr std::string_view verbs[] = {"EHLO", "HELO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA"};
  // What follows AUTH is a part of it, whatever it looks like.
  const bool known = std::find(std::begin(verbs), std::end(verbs), verb) != std::end(verbs);
  if (known) dialogue.verb = std::string(verb);
  if (verb == "RCPT") ++dialogue.recipients;
  return 0;
}

std::size_t Transfer::on_mail_line(char* data, std::size_t size, std::size_t count, void* self) {
  const std::string_view line(data, size * count);
  auto* const transfer = static_cast<Transfer*>(self);
  MailDialogue& dialogue = transfer->dialogue_;
  const auto digit = [&](std::size_t at) { return line[at] >= '0' && line[at] <= '9'; };
  if (dialogue.over || line.size() < 4 || !digit(0) || !digit(1) || !digit(2)) {
    return line.size();
  }
  transfer->head_bytes_ += line.size();
  if (transfer->head_bytes_ > head_cap) {
    transfer->facts_.head_too_big = true;
    return 0;
  }
  if (!dialogue.more) dialogue.text.clear();
  dialogue.more = line[3] == '-';
  dialogue.code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
  std::string_view words = line.substr(4);
  while (!words.empty() && (words.back() == '\r' || words.back() == '\n')) words.remove_suffix(1);
  if (dialogue.text.size() + words.size() < text_cap) {
    if (!dialogue.text.empty()) dialogue.text += ' ';
    dialogue.text += words;
  }
  return line.size();
}

// Before the transfer ends: the connection is not kept.
int Transfer::on_mail_close(void* self, curl_socket_t socket) {
  auto* const transfer = static_cast<Transfer*>(self);
  std::erase(transfer->mail_sockets_, socket);
  if (transfer->setup_.sockets != nullptr) transfer->setup_.sockets->socket_closes(socket);
  return ::close(socket);
}

std::size_t Transfer::on_upload(char* data, std::size_t size, std::size_t count, void* self) {
  auto* const transfer = static_cast<Transfer*>(self);
  const std::string_view body = transfer->body_to_send_;
  const std::size_t bytes = std::min(size * count, body.size() - transfer->body_sent_);
  std::memcpy(data, body.data() + transfer->body_sent_, bytes);
  transfer->body_sent_ += bytes;
  return bytes;
}

// An answer of 400 and above is the server's word; anything else that went wrong is the network's.
feeds::Reply Transfer::mail_reply(CURLcode code) {
  const bool said_no = dialogue_.code >= 400 && code != CURLE_OPERATION_TIMEDOUT;
  if (code != CURLE_OK && !said_no) {
    collect_facts(code);
    feeds::Reply failed = failed_reply(facts_);
    failed.sent = dialogue_.code == 354 && body_sent_ == body_to_send_.size();
    return failed;
  }
  reply_.status = dialogue_.code;
  reply_.body = dialogue_.text;
  reply_.headers.emplace_back("stage", stage_of(dialogue_));
  reply_.headers.emplace_back("recipients", std::to_string(dialogue_.recipients));
  return std::move(reply_);
}

}  // namespace wirewatch::daemon
