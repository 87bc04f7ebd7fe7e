"""Polls the URLs on standard input with feedparser, so many rounds after a first one, with the
validators that it keeps; prints CPU seconds a poll."""
import resource
import sys

import feedparser

urls = sys.stdin.read().split()
known = {}


def poll(url):
    etag, modified = known.get(url, (None, None))
    result = feedparser.parse(url, etag=etag, modified=modified)
    if result.get("status") == 200:
        known[url] = (result.get("etag"), result.get("modified"))


def used():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


for url in urls:
    poll(url)
before = used()
for _ in range(int(sys.argv[1])):
    for url in urls:
        poll(url)
print((used() - before) / int(sys.argv[1]) / len(urls))
