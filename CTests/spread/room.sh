#!/bin/bash
# What `make run` shows of Flush Spread: three members, one of them killed. Everybody sees what the interface promises, in
# the one order there is.
. "$(dirname "$0")/../tap.sh"
expected=$(dirname "$0")/raw/chat.expected
seen=$(bash "$(dirname "$0")/chat-room.sh" "$1" 2>&1)
ok $? "the room opens and closes"
is "$(diff "$expected" <(echo "$seen"))" "" "VS-1 VS-2 FL-21 FL-39 each member sees views, messages, the loss of one"
done_testing
