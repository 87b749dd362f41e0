"""What the raw tests share: TAP, and a host process (programs/serve.c) to talk to."""
import os
import subprocess
import sys
import threading

import wire


class Tap:
    def __init__(self):
        self.count = self.failed = 0

    def ok(self, passed, text):
        self.count += 1
        self.failed += not passed
        print('%sok %d - %s' % ('' if passed else 'not ', self.count, text), flush=True)
        return passed

    def same(self, got, expected, text):
        if not self.ok(got == expected, text):
            print('#        got %r\n#   expected %r' % (got, expected), flush=True)
        return got == expected

    def section(self, describe, *arguments):
        """Runs some checks; a connection that ends or stays silent where an answer was due fails them."""
        try:
            return describe(*arguments)
        except (wire.Closed, wire.Short, OSError, ValueError, TypeError) as error:
            self.ok(False, '%s goes through' % describe.__name__)
            print('#   %s %s' % (type(error).__name__, error), flush=True)
            return None

    def done(self):
        print('1..%d' % self.count, flush=True)
        sys.exit(1 if self.failed or not self.count else 0)


PATIENCE = float(os.environ.get('TEST_DEADLINE', '15'))


class Server:
    """A host of its own; `words` are the arguments of serve. What it says to stderr may go into a file."""

    def __init__(self, program, *words, environment=None, stderr=None):
        self.program, self.words, self.environment, self.stderr = program, words, environment or {}, stderr
        self.start()

    def start(self):
        self.process = subprocess.Popen([self.program, *self.words], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=self.stderr, text=True, env={**os.environ, **self.environment})
        self.env = {}
        for line in self.process.stdout:
            if line.strip() == 'ready':
                break
            name, value = line.split(' ', 1)[1].rstrip('\n').split('=', 1)
            self.env[name] = value
        self.uri = self.env.get('PMIX_SERVER_URI41', '')

    def alive(self):
        return self.process.poll() is None

    def ask(self, words):
        """The host's answer; None if it is gone or silent."""
        result = []

        def exchange():
            try:
                self.process.stdin.write(words + '\n')
                self.process.stdin.flush()
                result.append(self.process.stdout.readline().strip())
            except (OSError, ValueError):
                pass
        thread = threading.Thread(target=exchange, daemon=True)
        thread.start()
        thread.join(PATIENCE + 5)
        return result[0] if result and result[0] else None

    def stop(self):
        """The exit status; the host is killed if it does not end in time."""
        try:
            self.process.communicate('quit\n', timeout=PATIENCE)
        except (subprocess.TimeoutExpired, OSError, ValueError):
            self.process.kill()
            self.process.wait()
            return 'killed'
        return self.process.returncode

    def connect(self, rank, nspace='testns', codec=None, **variant):
        """A raw rank that is through the handshake."""
        client = wire.Client(self.uri, codec, timeout=PATIENCE)
        status = client.shake(nspace, rank, **dict(variant))
        if status != 0:
            raise wire.Closed('status %d' % status)
        return client

    def serves(self, rank, nspace):
        """Whether a good rank is served, and the server survives it."""
        if not self.alive():
            return False
        try:
            client = self.connect(rank, nspace)
            codec = client.codec
            named = client.ask(codec.command(wire.REQ)).unpack(wire.STRING) == nspace
            committed = client.ask(codec.commit([(2, [('k', wire.STRING, 'v')])])).status() == 0
            finalized = client.ask(codec.command(wire.FINALIZE)).status() == 0
            client.close()
            return named and committed and finalized and self.alive()
        except (wire.Closed, wire.Short, OSError):
            return False
